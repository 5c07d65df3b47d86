package org.understudy.agent.lab;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;
import org.understudy.spool.RecipientPolicy;

/**
 * The primary: takes mail for the lab's domain, keeps all of it on disk and shows what is addressed to the canary user by
 * IMAP. Stopping closes SMTP only: the mailbox must stay readable for those who look for canaries. Thread-safe.
 */
final class LabPrimary implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabPrimary.class);
    /** Local parts that begin like this do not exist. */
    static final String UNKNOWN_PREFIX = "unknown";

    private static final Duration SHOWN_AFTER_RESTART = Duration.ofHours(1);

    private final Supplier<Switches> switches;
    private final DomainName domain;
    private final String mailboxUser;
    private final ImapMailbox mailbox;
    private final MessageDirectory messages;
    private final SmtpPort smtp;

    LabPrimary(
            LabSection section,
            Supplier<Switches> switches,
            InetSocketAddress smtp,
            InetSocketAddress imap,
            Optional<SSLContext> tls,
            Clock clock) {
        this.switches = switches;
        this.domain = section.domainName();
        this.mailboxUser = section.mailboxUser().toLowerCase(Locale.ROOT);
        this.messages = MessageDirectory.open(
                section.directory().resolve("mailbox"), section.keepMessages(), clock, this::deliver);
        this.mailbox = ImapMailbox.start(
                imap, section.mailboxUser() + "@" + domain, section.mailboxUser(), section.mailboxPassword());
        showAgain(clock.instant().minus(SHOWN_AFTER_RESTART));
        this.smtp = new SmtpPort(
                "primarySmtpPort",
                section.primaryName(),
                smtp,
                tls,
                RecipientPolicy.byAddress(this::refusal),
                messages,
                clock);
    }

    private void showAgain(Instant since) {
        Deque<StoredMessage> recent = new ArrayDeque<>();
        for (String id : messages.newestFirst()) {
            Optional<StoredMessage> message = messages.find(id);
            if (recent.size() == ImapMailbox.CAPACITY
                    || message.filter(m -> m.arrival().isBefore(since)).isPresent()) {
                break;
            }
            message.filter(this::isCanary).ifPresent(recent::addFirst);
        }
        for (StoredMessage message : recent) {
            messages.content(message.id()).ifPresent(content -> showAgain(message, content));
        }
    }

    private void showAgain(StoredMessage message, Path content) {
        try {
            mailbox.append(content, message.arrival());
        } catch (IllegalStateException e) {
            LOG.warn("message {} is not shown by IMAP again: {}", message.id(), e.getMessage());
        }
    }

    private void deliver(StoredMessage message, Path content) {
        if (isCanary(message)) {
            mailbox.append(content, message.arrival());
        }
    }

    private boolean isCanary(StoredMessage message) {
        return message.recipients().stream().anyMatch(this::isMailboxUser);
    }

    /** The user's address, also with a detail behind a {@code +}. */
    private boolean isMailboxUser(String address) {
        String localPart =
                address.substring(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase(Locale.ROOT);
        return localPart.equals(mailboxUser) || localPart.startsWith(mailboxUser + "+");
    }

    private Optional<Reply> refusal(ForwardPath recipient) {
        if (recipient.domain().isEmpty()) {
            // RFC 5321 section 4.5.1
            return Optional.empty();
        }
        if (!recipient.domainName().equals(Optional.of(domain))) {
            return Optional.of(Reply.of(550, "5.7.1 No relaying: this is the primary of " + domain));
        }
        boolean unknown = recipient.localPart().toLowerCase(Locale.ROOT).startsWith(UNKNOWN_PREFIX);
        return unknown || switches.get().primaryRefuses()
                ? Optional.of(Reply.of(550, "5.1.1 No such mailbox here"))
                : Optional.empty();
    }

    /** Opens the SMTP port. */
    void start() {
        smtp.open();
    }

    /** Has an SMTP port, but does not open it. */
    void stayStopped() {
        smtp.choose();
    }

    /** Closes the SMTP port: connections are refused. */
    void stop() {
        smtp.close();
    }

    InetSocketAddress smtpAddress() {
        return smtp.address();
    }

    InetSocketAddress imapAddress() {
        return mailbox.address();
    }

    MessageDirectory messages() {
        return messages;
    }

    /** Messages that IMAP shows. */
    int shown() {
        return mailbox.count();
    }

    @Override
    public void close() {
        smtp.close();
        mailbox.close();
    }
}
