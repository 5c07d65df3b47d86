package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.CommitResult;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.HopAddress;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.NextHop;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitState;

/** A real store, a forwarder and a scripted primary, for one test. */
final class ForwardingWorld implements AutoCloseable {
    static final Duration BACKOFF = Duration.ofHours(1);
    static final Duration CONFIRMATION = Duration.ofHours(2);
    static final Duration LOST_REPLY = Duration.ofHours(4);
    static final Duration FAST_LOST_REPLY = Duration.ofMillis(800);
    private static final DomainName DOMAIN = new DomainName("example.org");
    private static final Duration SHORT = Duration.ofSeconds(2);

    final ScriptedServer primary = ScriptedServer.start();
    final MessageStore store;
    private final Forwarder forwarder;

    private ForwardingWorld(
            Path directory,
            TlsPolicy tls,
            UnaryOperator<ForwardingSettings> change,
            UnaryOperator<MessageStore> around) {
        Clock clock = Clock.systemUTC();
        StorageSettings storage = new StorageSettings(directory.resolve("spool"), 1024 * 1024, 256 * 1024, 0);
        ForwardingSettings settings = change.apply(new ForwardingSettings(
                Map.of(DOMAIN, new NextHop("127.0.0.1", primary.port(), tls)),
                new DomainName("mx2.test"),
                Duration.ofHours(1),
                2,
                BACKOFF,
                BACKOFF,
                new ForwardingPatience(CONFIRMATION, LOST_REPLY, Duration.ofDays(7)),
                timeouts(SHORT)));
        store = around.apply(MessageStores.embedded(storage, clock));
        forwarder = new Forwarder(
                settings,
                store,
                directory.resolve("in-flight"),
                KnownCapabilities.open(directory.resolve("capabilities"), settings.routes()),
                Optional.empty(),
                clock);
        forwarder.start();
    }

    /** A world in which everything that takes time takes hours, so that nothing happens twice. */
    static ForwardingWorld slow(Path directory) {
        return slow(directory, TlsPolicy.NONE);
    }

    static ForwardingWorld slow(Path directory, TlsPolicy tls) {
        return new ForwardingWorld(directory, tls, s -> s, store -> store);
    }

    /** A world in which it takes moments. */
    static ForwardingWorld fast(Path directory) {
        return fast(directory, store -> store);
    }

    static ForwardingWorld fast(Path directory, UnaryOperator<MessageStore> around) {
        return fast(directory, 2, Duration.ofMillis(800), around);
    }

    /** A fast world that waits long for replies. */
    static ForwardingWorld patient(Path directory) {
        return fast(directory, 2, Duration.ofSeconds(20), store -> store);
    }

    /** A fast world with one session at a time. */
    static ForwardingWorld oneByOne(Path directory) {
        return fast(directory, 1, Duration.ofMillis(800), store -> store);
    }

    private static ForwardingWorld fast(
            Path directory, int concurrency, Duration reply, UnaryOperator<MessageStore> around) {
        return new ForwardingWorld(
                directory,
                TlsPolicy.NONE,
                s -> new ForwardingSettings(
                        s.routes(),
                        s.ehloName(),
                        Duration.ofMillis(200),
                        concurrency,
                        Duration.ofMillis(300),
                        Duration.ofMillis(600),
                        new ForwardingPatience(Duration.ofMillis(700), FAST_LOST_REPLY, Duration.ofDays(7)),
                        timeouts(reply)),
                around);
    }

    /** A slow world whose next hop is never told by XCLIENT which client brought a message. */
    static ForwardingWorld withoutXclient(Path directory) {
        return slow(directory, n -> new NextHop(n.host(), n.port(), n.tls(), n.trust(), false));
    }

    /** A slow world with another way to the next hop. */
    static ForwardingWorld withFurtherWay(Path directory, int port) {
        return slow(
                directory,
                n -> new NextHop(
                        n.host(),
                        n.port(),
                        n.tls(),
                        n.trust(),
                        n.xclient(),
                        List.of(new HopAddress("127.0.0.1", port))));
    }

    /** A slow world whose next hop has to prove that it is the right one. */
    static ForwardingWorld verified(Path directory, ServerTrust trust) {
        return slow(directory, n -> new NextHop(n.host(), n.port(), TlsPolicy.VERIFIED, trust, n.xclient()));
    }

    private static ForwardingWorld slow(Path directory, UnaryOperator<NextHop> change) {
        return new ForwardingWorld(
                directory,
                TlsPolicy.NONE,
                s -> new ForwardingSettings(
                        Map.of(
                                DOMAIN,
                                change.apply(s.routes().values().iterator().next())),
                        s.ehloName(),
                        s.probeInterval(),
                        s.concurrency(),
                        s.minimumBackoff(),
                        s.maximumBackoff(),
                        s.patience(),
                        s.timeouts()),
                store -> store);
    }

    private static SmtpTimeouts timeouts(Duration d) {
        return SmtpTimeouts.all(d);
    }

    NextHop nextHop() {
        return lane().nextHop();
    }

    QueueId queue(String... localParts) {
        return queue("s", Instant.now(), "body of " + String.join(" ", localParts) + "\r\n", localParts);
    }

    QueueId queueFrom(String sender, String... localParts) {
        return queue(sender, Instant.now(), "x\r\n", localParts);
    }

    QueueId queue(String sender, Instant arrival, String content, String... localParts) {
        Envelope envelope = new Envelope(
                ReversePath.of(new Mailbox(sender, "sender.test")),
                EsmtpParameters.NONE,
                Arrays.stream(localParts)
                        .map(l -> Recipient.of(new ForwardPath(l, Optional.of("example.org"))))
                        .toList());
        return queue(envelope, content, InetAddress.getLoopbackAddress(), arrival);
    }

    /** A message that a client with this address brought. */
    QueueId queueBy(InetAddress client, String localPart) {
        Envelope envelope = Envelope.of(
                ReversePath.of(new Mailbox("s", "sender.test")),
                new ForwardPath(localPart, Optional.of("example.org")));
        return queue(envelope, "x\r\n", client, Instant.now());
    }

    private QueueId queue(Envelope envelope, String content, InetAddress client, Instant arrival) {
        Origin origin = new Origin(client, "client.test", "ESMTP", Optional.empty(), arrival);
        MessageDraft draft = forwarder.begin(envelope, origin);
        byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
        draft.write(octets, 0, octets.length);
        assertThat(draft.commit()).isEqualTo(CommitResult.STORED);
        return draft.id();
    }

    /** Hands on one message, so that the path is proven, and waits until its session is over. */
    void warmUp() {
        queue("warmup");
        await().until(() -> primary.commands().contains("QUIT"));
        // The session does not wait for the record of what it came to.
        awaitForwarded(1);
        primary.messages().clear();
        primary.commands().clear();
    }

    void awaitState(LaneState state) {
        await().until(() -> lane().state() == state);
    }

    void thaw() {
        forwarder.thaw(nextHop());
    }

    void signOfLife() {
        forwarder.signOfLife(nextHop());
    }

    boolean drain() {
        return forwarder.drain(Duration.ofSeconds(10));
    }

    LaneStatus lane() {
        return forwarder.status().get(0);
    }

    QueueCounts counts() {
        QueueCounts counts = store.counts();
        assertThat(counts.isBalanced()).as(counts.toString()).isTrue();
        return counts;
    }

    void awaitForwarded(long units) {
        await().atMost(Duration.ofSeconds(20)).until(() -> counts().forwarded() == units);
    }

    /** What became of a unit, in one word. */
    String fate(QueueId id, int number) {
        Optional<Unit> unit = store.find(id).stream()
                .flatMap(m -> m.units().stream())
                .filter(u -> u.number() == number)
                .findFirst();
        // A message of which all is settled is not there any more.
        if (unit.isEmpty()) {
            return "FORWARDED";
        }
        return unit.get().state() == UnitState.QUEUED
                ? waitsFor(unit.get())
                : unit.get().state().name();
    }

    private static String waitsFor(Unit unit) {
        if (unit.attempts() == 0) {
            return "UNTOUCHED";
        }
        Duration left = Duration.between(Instant.now(), unit.nextAttempt());
        if (left.compareTo(BACKOFF.multipliedBy(3).dividedBy(2)) < 0) {
            return "BACKOFF";
        }
        return left.compareTo(CONFIRMATION.multipliedBy(3).dividedBy(2)) < 0 ? "CONFIRMATION" : "LOST_REPLY";
    }

    String lastReply(QueueId id) {
        return store.find(id).orElseThrow().units().get(0).lastReply().orElse("");
    }

    @Override
    public void close() {
        primary.close();
        forwarder.close();
        store.close();
    }
}
