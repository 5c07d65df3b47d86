package org.understudy.alerts.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.message.Message;
import org.understudy.alerts.message.MessageComposer;

/**
 * A notification as a mail. Its Message-ID is made from incident and sequence: a second copy of the same notification
 * has the same one, and later ones refer to earlier ones without anything being stored.
 */
final class EmailMessage extends MimeMessage {
    /** Enough for any client to find the thread; keeps the field short in a long incident. */
    private static final int REFERENCES_SHOWN = 10;

    private final String messageId;

    private EmailMessage(Session session, String messageId) {
        super(session);
        this.messageId = messageId;
    }

    static EmailMessage of(Session session, Notification notification, String from, List<String> recipients)
            throws MessagingException {
        InternetAddress sender = new InternetAddress(from, true);
        String host = host(sender);
        EmailMessage mail = new EmailMessage(session, id(notification, notification.sequence(), host));
        mail.setFrom(sender);
        for (String recipient : recipients) {
            mail.addRecipient(RecipientType.TO, new InternetAddress(recipient, true));
        }
        Message message = MessageComposer.compose(notification);
        mail.setSubject(message.headline(), "UTF-8");
        mail.setSentDate(Date.from(notification.at()));
        // Nobody's vacation notice may answer an alert. RFC 3834 section 5
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("X-Auto-Response-Suppress", "All");
        thread(mail, notification, host);
        urgency(mail, notification, message);
        mail.setContent(alternatives(message));
        mail.saveChanges();
        return mail;
    }

    private static String host(InternetAddress sender) {
        String address = sender.getAddress();
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    private static String id(Notification notification, int sequence, String host) {
        return "<understudy." + notification.incident() + "." + sequence + "@" + host + ">";
    }

    /** RFC 5322 section 3.6.4 */
    private static void thread(EmailMessage mail, Notification notification, String host) throws MessagingException {
        int sequence = notification.sequence();
        if (sequence == 0 || notification.reason() == NotifyReason.TEST) {
            return;
        }
        StringBuilder references = new StringBuilder(id(notification, 0, host));
        for (int i = Math.max(1, sequence - REFERENCES_SHOWN + 1); i < sequence; i++) {
            references.append("\r\n ").append(id(notification, i, host));
        }
        mail.setHeader("In-Reply-To", id(notification, sequence - 1, host));
        mail.setHeader("References", references.toString());
    }

    private static void urgency(EmailMessage mail, Notification notification, Message message)
            throws MessagingException {
        boolean urgent = switch (message.severity()) {
            case CRITICAL ->
                notification.reason() != NotifyReason.RESOLVED && notification.reason() != NotifyReason.TEST;
            case WARNING, INFO -> false;
        };
        if (urgent) {
            mail.setHeader("Importance", "high");
        }
    }

    private static MimeMultipart alternatives(Message message) throws MessagingException {
        MimeBodyPart text = new MimeBodyPart();
        text.setText(EmailText.plain(message), "UTF-8");
        MimeBodyPart html = new MimeBodyPart();
        html.setText(EmailText.html(message), "UTF-8", "html");
        // The last part is the preferred one. RFC 2046 section 5.1.4
        return new MimeMultipart("alternative", text, html);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
