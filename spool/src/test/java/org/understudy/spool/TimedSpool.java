package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;

/**
 * A running spool for example.org, its clock, and the scripted servers that are its primary and the way out for notices, which it
 * knows only if a test wants it.
 */
final class TimedSpool implements AutoCloseable {
    static final DomainName ORG = new DomainName("example.org");
    static final OperatorOrder ANN = new OperatorOrder("ann", "test");
    static final Duration RETENTION = Duration.ofDays(14);

    final MovableClock clock = new MovableClock();
    final ScriptedServer primary = ScriptedServer.start();
    final ScriptedServer smarthost = ScriptedServer.start();
    private final Path directory;
    private final NoticeSettings notices;
    private Spool spool;

    private TimedSpool(Path directory, NoticePolicy policy, SenderProof proof, boolean relay) {
        this.directory = directory.resolve("spool");
        this.notices = new NoticeSettings(
                relay ? Optional.of(new NextHop("127.0.0.1", smarthost.port(), TlsPolicy.NONE)) : Optional.empty(),
                Map.of(ORG, policy),
                proof);
        this.spool = open(this.directory);
    }

    static TimedSpool withoutNotices(Path directory) {
        return new TimedSpool(directory, NoticePolicy.NEVER, SenderProof.NONE, false);
    }

    static TimedSpool withNotices(Path directory, NoticePolicy policy, SenderProof proof) {
        return new TimedSpool(directory, policy, proof, true);
    }

    private Spool open(Path place) {
        Duration d = Duration.ofSeconds(2);
        Spool opened = Spool.open(
                new SpoolSettings(
                        LoopbackReception.settings(1_000_000, 100),
                        new StorageSettings(place, 1024 * 1024, 256 * 1024, 0),
                        new ForwardingSettings(
                                Map.of(ORG, new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE)),
                                new DomainName("mx2.example.org"),
                                Duration.ofMillis(200),
                                2,
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                ForwardingPatience.standard(),
                                SmtpTimeouts.all(d)),
                        DirectorySettings.NONE,
                        new RetentionSettings(RETENTION, Duration.ofMillis(20)),
                        notices,
                        FilterSettings.NONE),
                clock);
        opened.start();
        return opened;
    }

    Path directory() {
        return directory;
    }

    void stop() {
        spool.close();
    }

    void restart() {
        spool.close();
        spool = open(directory);
    }

    /** Goes on with what is in another directory, as if it were this one. */
    void goOnWith(Path place) {
        spool.close();
        spool = open(place);
    }

    QueueOperations operations() {
        return spool.operations();
    }

    QueueId send(String... recipients) {
        return send(
                new Envelope(
                        ReversePath.of(new Mailbox("s", "sender.test")),
                        EsmtpParameters.NONE,
                        Arrays.stream(recipients).map(TimedSpool::recipient).toList()),
                "Subject: x\r\n\r\nx\r\n");
    }

    static Recipient recipient(String address) {
        String[] parts = address.split("@", 2);
        return Recipient.of(new ForwardPath(parts[0], Optional.of(parts[1])));
    }

    QueueId send(Envelope envelope, String content) {
        return send(List.of(envelope), content).get(0);
    }

    /** In one session. */
    List<QueueId> send(List<Envelope> envelopes, String content) {
        InetSocketAddress address = spool.addresses().get(0);
        try (SmtpSession session = SmtpSession.open(
                        new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofMinutes(2)))
                .session()
                .orElseThrow()) {
            return envelopes.stream()
                    .map(envelope -> session.send(
                            envelope,
                            MessageContent.of(content.getBytes(StandardCharsets.UTF_8)),
                            TransactionObserver.NONE))
                    .map(result ->
                            new QueueId(result.reply().orElseThrow().text().replaceFirst("(?s).*queued as ", "")))
                    .toList();
        }
    }

    Optional<QueuedMessage> find(QueueId id) {
        return operations().find(id);
    }

    Unit unit(QueueId id) {
        return find(id).orElseThrow().units().get(0);
    }

    QueueCounts counts() {
        QueueCounts counts = spool.status().counts();
        assertThat(counts.isBalanced()).as(counts.toString()).isTrue();
        return counts;
    }

    @Override
    public void close() {
        spool.close();
        primary.close();
        smarthost.close();
    }
}
