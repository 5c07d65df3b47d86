package org.understudy.spool.reception;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.understudy.smtp.Envelope;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * The one field we put on top of a message (RFC 5321 section 4.4), in the shape of Postfix, which filters know how to read. No
 * name is looked up: a resolver that hangs would hold up mail.
 */
final class TraceField {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

    private TraceField() {}

    static byte[] of(String hostName, Origin origin, Envelope envelope, QueueId id) {
        String helo = origin.heloName().replaceAll("[^A-Za-z0-9.:_\\[\\]-]", "?");
        StringBuilder field = new StringBuilder(256);
        field.append("Received: from ")
                .append(helo)
                .append(" (unknown ")
                .append(literal(origin.client()))
                .append(")\r\n");
        origin.tlsProtocol()
                .ifPresent(tls -> field.append("\t(using ").append(tls).append(")\r\n"));
        field.append("\tby ").append(hostName).append(" (Understudy) with ").append(origin.protocol());
        field.append(" id ").append(id);
        // More than one recipient is nobody's business but the sender's (RFC 5321 section 7.2).
        if (envelope.recipients().size() == 1) {
            field.append("\r\n\tfor ").append(envelope.recipients().get(0).path());
        }
        field.append("; ")
                .append(DATE.format(origin.arrival().atOffset(ZoneOffset.UTC)))
                .append("\r\n");
        return field.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
    }
}
