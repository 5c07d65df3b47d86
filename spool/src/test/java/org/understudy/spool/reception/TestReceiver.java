package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Reply;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.ReceptionCounts;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SmtpReceiver;

/** A receiver for example.org and example.net that keeps what comes in memory. */
final class TestReceiver implements AutoCloseable {
    static final int MAXIMUM_BYTES = 100_000;
    static final int MAXIMUM_RECIPIENTS = 100;
    static final String ENVELOPE = "MAIL FROM:<s@sender.test>\r\nRCPT TO:<a@example.org>\r\n";

    final MemoryIntake intake = new MemoryIntake();
    private final SmtpReceiver receiver;

    private TestReceiver(NextHopCapabilities nextHops, Clock clock) {
        ReceptionSettings settings = new ReceptionSettings(
                new DomainName("mx2.test"),
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                MAXIMUM_BYTES,
                MAXIMUM_RECIPIENTS,
                50,
                50,
                Duration.ofSeconds(20),
                5,
                Optional.empty());
        receiver = SmtpReceiver.start(
                settings,
                path -> path.domain().map(d -> d.startsWith("example.")).orElse(true)
                        ? Optional.empty()
                        : Optional.of(Reply.of(550, "5.7.1 Relay denied")),
                nextHops,
                intake,
                clock);
    }

    static TestReceiver start() {
        return new TestReceiver(NextHopCapabilities.NONE, Clock.systemUTC());
    }

    static TestReceiver start(NextHopCapabilities nextHops) {
        return new TestReceiver(nextHops, Clock.systemUTC());
    }

    static TestReceiver start(Clock clock) {
        return new TestReceiver(NextHopCapabilities.NONE, clock);
    }

    /** A client that has said EHLO. */
    RawClient client() throws IOException {
        RawClient client = new RawClient(receiver.addresses().get(0));
        client.reply();
        client.ask("EHLO client.test");
        return client;
    }

    /** A client with one recipient. */
    RawClient clientInTransaction() throws IOException {
        RawClient client = client();
        client.send(ENVELOPE);
        client.reply();
        client.reply();
        return client;
    }

    ReceptionCounts counts() {
        return receiver.counts();
    }

    List<MemoryIntake.Stored> messages() {
        return intake.messages();
    }

    @Override
    public void close() {
        receiver.close();
    }
}
