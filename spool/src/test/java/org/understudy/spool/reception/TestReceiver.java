package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Reply;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.ReceptionCounts;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SmtpReceiver;
import org.understudy.spool.TrustedClients;

/** A receiver for example.org and example.net that keeps what comes in memory. */
final class TestReceiver implements AutoCloseable {
    static final int MAXIMUM_BYTES = 100_000;
    static final int MAXIMUM_RECIPIENTS = 100;
    static final String ENVELOPE = "MAIL FROM:<s@sender.test>\r\nRCPT TO:<a@example.org>\r\n";

    final MemoryIntake intake = new MemoryIntake();
    private final SmtpReceiver receiver;

    private TestReceiver(NextHopCapabilities nextHops, Clock clock) {
        this(
                settings(
                        SessionLimits.standard().withMaximum(50).withCommandTimeout(Duration.ofSeconds(20)),
                        TrustedClients.NONE,
                        Optional.empty()),
                nextHops,
                clock);
    }

    private static ReceptionSettings settings(
            SessionLimits limits, TrustedClients trusted, Optional<Supplier<SSLContext>> tls) {
        return new ReceptionSettings(
                new DomainName("mx2.test"),
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                MAXIMUM_BYTES,
                MAXIMUM_RECIPIENTS,
                5,
                limits,
                tls,
                trusted);
    }

    private TestReceiver(ReceptionSettings settings, NextHopCapabilities nextHops, Clock clock) {
        receiver = SmtpReceiver.start(settings, policy(), nextHops, intake, clock);
    }

    private static RecipientPolicy policy() {
        return RecipientPolicy.byAddress(
                path -> path.domain().map(d -> d.startsWith("example.")).orElse(true)
                        ? Optional.empty()
                        : Optional.of(Reply.of(550, "5.7.1 Relay denied")));
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

    static TestReceiver start(SessionLimits limits) {
        return start(limits, TrustedClients.NONE);
    }

    static TestReceiver start(SessionLimits limits, TrustedClients trusted) {
        return new TestReceiver(
                settings(limits, trusted, Optional.empty()), NextHopCapabilities.NONE, Clock.systemUTC());
    }

    static TestReceiver start(SessionLimits limits, Supplier<SSLContext> tls) {
        return new TestReceiver(
                settings(limits, TrustedClients.NONE, Optional.of(tls)), NextHopCapabilities.NONE, Clock.systemUTC());
    }

    InetSocketAddress address() {
        return receiver.addresses().get(0);
    }

    /** A client that has connected and said nothing. */
    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    /** The same from another address of the loopback network. */
    RawClient connectFrom(String client) throws IOException {
        return new RawClient(address(), client);
    }

    boolean drain(Duration limit) {
        return receiver.drain(limit);
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
