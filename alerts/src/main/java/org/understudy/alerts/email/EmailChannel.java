package org.understudy.alerts.email;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.EmailSettings;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.Severity;

/**
 * Hands mail to a submission server. RFC 6409. Thread-safe: each notification has a connection of its own.
 *
 * <p>A mail that at least one recipient gets is delivered: to send it again would tell the others twice. Who was refused
 * is named in the detail and logged.
 */
public final class EmailChannel implements NotificationChannel {
    private static final Logger LOG = LoggerFactory.getLogger(EmailChannel.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    private static final int FIRST_PERMANENT = 500;
    private static final int FIRST_TRANSIENT = 400;

    private final EmailSettings settings;
    private final Duration readTimeout;
    private final Optional<SSLSocketFactory> tlsSockets;

    public EmailChannel(EmailSettings settings) {
        this(settings, READ_TIMEOUT, Optional.empty());
    }

    /**
     * With other limits.
     *
     * @param tlsSockets decides which certificates are trusted; empty for the platform's choice
     */
    EmailChannel(EmailSettings settings, Duration readTimeout, Optional<SSLSocketFactory> tlsSockets) {
        this.settings = settings;
        this.readTimeout = readTimeout;
        this.tlsSockets = tlsSockets;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String kind() {
        return "email";
    }

    @Override
    public Severity minimumSeverity() {
        return settings.minimumSeverity();
    }

    @Override
    public DeliveryAttempt send(Notification notification) {
        Session session = Session.getInstance(properties());
        EmailMessage mail;
        try {
            mail = EmailMessage.of(session, notification, settings.from(), settings.to());
        } catch (AddressException e) {
            return DeliveryAttempt.permanent("An address of this channel is invalid: " + e.getRef());
        } catch (MessagingException e) {
            return DeliveryAttempt.permanent("The mail cannot be composed: " + redacted(e));
        }
        try (SMTPTransport transport = (SMTPTransport) session.getTransport(protocol())) {
            return submit(transport, mail);
        } catch (MessagingException e) {
            // Only QUIT can fail here: what counts was returned before.
            return DeliveryAttempt.uncertain("Mail server " + server() + ": " + redacted(e));
        }
    }

    private DeliveryAttempt submit(SMTPTransport transport, EmailMessage mail) throws MessagingException {
        try {
            connect(transport);
        } catch (MessagingException e) {
            return refused(transport, e, false);
        }
        try {
            transport.sendMessage(mail, mail.getAllRecipients());
            return DeliveryAttempt.ok(reply(transport));
        } catch (SendFailedException e) {
            Address[] sent = e.getValidSentAddresses();
            if (sent != null && sent.length > 0) {
                LOG.warn("Channel {}: mail server {} took the alert for some recipients only", name(), server());
                return DeliveryAttempt.ok(
                        "Taken for " + sent.length + " of " + settings.to().size() + " recipients: " + redacted(e));
            }
            return refused(transport, e, true);
        } catch (MessagingException e) {
            return refused(transport, e, true);
        }
    }

    private void connect(SMTPTransport transport) throws MessagingException {
        if (settings.user().isEmpty()) {
            transport.connect(settings.host(), settings.port(), null, null);
        } else {
            transport.connect(
                    settings.host(),
                    settings.port(),
                    settings.user(),
                    settings.password().reveal());
        }
    }

    /** A 5yz reply is for good; a 4yz one, and anything without a reply, may pass. */
    private DeliveryAttempt refused(SMTPTransport transport, MessagingException e, boolean sending) {
        String detail = "Mail server " + server() + ": " + redacted(e);
        if (e instanceof MailConnectException) {
            return DeliveryAttempt.retry(detail);
        }
        int code = transport.getLastReturnCode();
        if (code >= FIRST_PERMANENT) {
            return DeliveryAttempt.permanent(detail);
        }
        boolean refused = code >= FIRST_TRANSIENT;
        return sending && !refused ? DeliveryAttempt.uncertain(detail) : DeliveryAttempt.retry(detail);
    }

    private static String reply(SMTPTransport transport) {
        String reply = transport.getLastServerResponse();
        return reply == null ? "taken" : oneLine(reply);
    }

    private String redacted(MessagingException e) {
        StringBuilder text = new StringBuilder();
        for (@Nullable Throwable cause = e; cause != null; cause = next(cause)) {
            String message = cause.getMessage();
            text.append(text.isEmpty() ? "" : ": ")
                    .append(message == null ? cause.getClass().getSimpleName() : message);
        }
        String line = oneLine(text.toString());
        return settings.password().isEmpty()
                ? line
                : line.replace(settings.password().reveal(), "[secret]");
    }

    private static @Nullable Throwable next(Throwable cause) {
        return cause instanceof MessagingException messaging ? messaging.getNextException() : cause.getCause();
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }

    private String server() {
        return settings.host() + ":" + settings.port();
    }

    private String protocol() {
        return settings.tls() == EmailSettings.Tls.IMPLICIT ? "smtps" : "smtp";
    }

    private Properties properties() {
        Properties properties = new Properties();
        String prefix = "mail." + protocol() + ".";
        properties.put(prefix + "connectiontimeout", Long.toString(CONNECT_TIMEOUT.toMillis()));
        properties.put(prefix + "timeout", Long.toString(readTimeout.toMillis()));
        properties.put(prefix + "writetimeout", Long.toString(readTimeout.toMillis()));
        properties.put(prefix + "localhost", ehloName());
        properties.put(prefix + "sendpartial", "true");
        properties.put(prefix + "auth", Boolean.toString(!settings.user().isEmpty()));
        properties.put(prefix + "ssl.checkserveridentity", "true");
        tlsSockets.ifPresent(factory -> properties.put(prefix + "ssl.socketFactory", factory));
        if (settings.tls() == EmailSettings.Tls.STARTTLS) {
            properties.put(prefix + "starttls.enable", "true");
            properties.put(prefix + "starttls.required", "true");
        }
        return properties;
    }

    /** Our address as a literal: a name would have to be looked up, in a DNS that may be what is broken. */
    private String ehloName() {
        // To connect a datagram socket sends nothing; it only chooses the local address.
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(settings.host()), settings.port());
            InetAddress local = socket.getLocalAddress();
            String text = local.getHostAddress();
            // RFC 5321 section 4.1.3
            return local instanceof Inet6Address
                    ? "[IPv6:" + text.replaceFirst("%.*", "").toLowerCase(Locale.ROOT) + "]"
                    : "[" + text + "]";
        } catch (IOException | UncheckedIOException e) {
            return "[127.0.0.1]";
        }
    }

    @Override
    public String toString() {
        return "email " + name();
    }
}
