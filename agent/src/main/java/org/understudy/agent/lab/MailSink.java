package org.understudy.agent.lab;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.RecipientPolicy;

/** Takes alert mails for anybody and keeps them. Thread-safe. */
final class MailSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailSink.class);
    private static final int SHOWN = 1000;

    private final MessageDirectory messages;
    private final SmtpPort smtp;

    /**
     * An alert as its reader sees it.
     *
     * @param text of its first text/plain part, or empty
     */
    record AlertMail(String id, Instant arrival, List<String> recipients, String subject, String text) {}

    MailSink(LabSection section, InetSocketAddress address, Optional<SSLContext> tls, Clock clock) {
        this.messages = MessageDirectory.open(
                section.directory().resolve("alert-mail"), section.keepMessages(), clock, (message, content) -> {});
        this.smtp = new SmtpPort(
                "mailSinkPort",
                section.primaryName(),
                address,
                tls,
                RecipientPolicy.byAddress(r -> Optional.empty()),
                messages,
                clock);
    }

    void start() {
        smtp.open();
    }

    InetSocketAddress address() {
        return smtp.address();
    }

    int count() {
        return messages.count();
    }

    /** The newest alert mails, oldest of them first. */
    List<AlertMail> newest() {
        List<AlertMail> newest = new ArrayList<>();
        for (String id : messages.newestFirst()) {
            if (newest.size() == SHOWN) {
                break;
            }
            messages.find(id).ifPresent(m -> newest.add(read(m)));
        }
        Collections.reverse(newest);
        return newest;
    }

    private AlertMail read(StoredMessage message) {
        String subject = "";
        String text = "";
        Optional<Path> content = messages.content(message.id());
        if (content.isPresent()) {
            try (InputStream in = Files.newInputStream(content.get())) {
                MimeMessage mail = new MimeMessage(null, in);
                subject = Optional.ofNullable(mail.getSubject()).orElse("");
                text = text(mail).orElse("");
            } catch (IOException | MessagingException e) {
                LOG.warn("alert mail {} cannot be read: {}", message.id(), e.toString());
            }
        }
        return new AlertMail(message.id(), message.arrival(), message.recipients(), subject, text);
    }

    private static Optional<String> text(Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/plain")) {
            return Optional.of(part.getContent().toString());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart one = parts.getBodyPart(i);
                Optional<String> text = text(one);
                if (text.isPresent()) {
                    return text;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        smtp.close();
    }
}
