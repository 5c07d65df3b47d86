package org.understudy.bench;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.Origin;

/** The message that is stored again and again. Immutable. */
final class SampleMail {
    static final DomainName DOMAIN = new DomainName("bench.test");

    private static final int LINE = 76;
    private final byte[] content;

    private SampleMail(byte[] content) {
        this.content = content;
    }

    /** A message of exactly so many octets. */
    static SampleMail of(int octets) {
        StringBuilder text = new StringBuilder("From: sender@example.net\r\nTo: user@bench.test\r\n\r\n");
        while (text.length() < octets - LINE) {
            text.append("x".repeat(LINE - 2)).append("\r\n");
        }
        while (text.length() < octets - 2) {
            text.append('x');
        }
        return new SampleMail(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    int size() {
        return content.length;
    }

    /**
     * Stores it and waits until it is durable.
     *
     * @throws IllegalStateException if the store does not take it
     */
    void store(MessageStore store, Instant arrival) {
        store(store, arrival, DOMAIN);
    }

    /** The same for a recipient in some domain. */
    void store(MessageStore store, Instant arrival, DomainName domain) {
        Envelope envelope = Envelope.of(
                ReversePath.of(new Mailbox("sender", "example.net")),
                ForwardPath.of(new Mailbox("user", domain.text())));
        Origin origin =
                new Origin(InetAddress.getLoopbackAddress(), "client.bench.test", "ESMTP", Optional.empty(), arrival);
        MessageDraft draft = store.begin(envelope, origin);
        draft.write(content, 0, content.length);
        CommitResult result = draft.commit();
        if (result != CommitResult.STORED) {
            throw new IllegalStateException(
                    "the store answered " + result + ": " + store.health().detail());
        }
    }
}
