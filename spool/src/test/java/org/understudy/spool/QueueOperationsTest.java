package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.QueueCounts.DomainQueue;

/** Orders to the queue of a running spool: its primary is a scripted server, and a second one stands by. */
class QueueOperationsTest {
    private static final DomainName ORG = new DomainName("example.org");
    private static final DomainName NET = new DomainName("example.net");
    private static final OperatorOrder ANN = new OperatorOrder("ann", "test");

    @TempDir
    Path directory;

    private ScriptedServer primary;
    private Spool spool;

    @BeforeEach
    void start() {
        primary = ScriptedServer.start();
        open();
    }

    private void open() {
        Duration d = Duration.ofSeconds(2);
        NextHop nextHop = new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE);
        ForwardingSettings forwarding = new ForwardingSettings(
                Map.of(ORG, nextHop, NET, nextHop),
                new DomainName("mx2.example.org"),
                Duration.ofMillis(200),
                2,
                Duration.ofHours(1),
                Duration.ofHours(1),
                ForwardingPatience.standard(),
                SmtpTimeouts.all(d));
        spool = Spool.open(
                new SpoolSettings(
                        LoopbackReception.settings(1_000_000, 100),
                        new StorageSettings(directory.resolve("spool"), 1024 * 1024, 256 * 1024, 0),
                        forwarding),
                Clock.systemUTC());
        spool.start();
    }

    @AfterEach
    void stop() {
        spool.close();
        primary.close();
    }

    private QueueOperations operations() {
        return spool.operations();
    }

    private QueueId send(String recipient) {
        return send(ReversePath.of(new Mailbox("s", "sender.test")), recipient);
    }

    private QueueId send(ReversePath sender, String recipient) {
        InetSocketAddress address = spool.addresses().get(0);
        String[] parts = recipient.split("@", 2);
        try (SmtpSession session = SmtpSession.open(
                        new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow()) {
            TransactionResult result = session.send(
                    Envelope.of(sender, new ForwardPath(parts[0], Optional.of(parts[1]))),
                    MessageContent.of("Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII)),
                    TransactionObserver.NONE);
            return new QueueId(result.reply().orElseThrow().text().replaceFirst("(?s).*queued as ", ""));
        }
    }

    private QueueCounts counts() {
        QueueCounts counts = spool.status().counts();
        assertThat(counts.isBalanced()).as(counts.toString()).isTrue();
        return counts;
    }

    private Unit unit(QueueId id) {
        return operations().find(id).orElseThrow().units().get(0);
    }

    private static QueueSelection all() {
        return QueueSelection.of(QueueFilter.ALL);
    }

    @Test
    void plannedMaintenance_freezeHolds_thawDelivers_auditIsComplete() {
        operations().freeze(ORG, new OperatorOrder("ann", "new disks"));
        List<QueueId> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(send("user" + i + "@example.org"));
        }
        QueueId other = send("user@example.net");
        await().until(() -> operations().find(other).isEmpty());
        assertThat(counts().domains().get(ORG)).extracting(DomainQueue::queued).isEqualTo(20L);
        assertThat(held).allSatisfy(id -> assertThat(unit(id).attempts()).isZero());
        assertThat(operations().controls())
                .singleElement()
                .satisfies(control -> assertThat(control.words()).isEqualTo("frozen by ann: new disks"));

        operations().thaw(ORG, ANN);
        await().until(() -> counts().forwarded() == 21);
        assertThat(operations().controls()).isEmpty();
        assertThat(operations().audit(100))
                .extracting(e -> e.number() + " " + e.actor() + " " + e.action() + " " + e.subject() + " " + e.result())
                .containsExactly(
                        "1 ann freeze example.org ordered",
                        "1 ann freeze example.org done",
                        "2 ann thaw example.org ordered",
                        "2 ann thaw example.org done");
    }

    @Test
    void freeze_survivesRestart() {
        operations().freeze(ORG, ANN);
        QueueId held = send("user@example.org");
        spool.close();
        open();
        QueueId other = send("user@example.net");
        await().until(() -> operations().find(other).isEmpty());
        assertThat(unit(held).attempts()).isZero();
        operations().thaw(ORG, ANN);
        await().until(() -> operations().find(held).isEmpty());
        assertThat(operations().audit(2).get(0).number()).isEqualTo(2);
    }

    @Test
    void controlsThatCannotBeRead_stopTheStart_insteadOfSendingWhatIsToBeHeld() throws IOException {
        operations().freeze(ORG, ANN);
        spool.close();
        Files.writeString(directory.resolve("spool").resolve("controls"), "example.org\tyesterday\t-\tfrozen\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("controls")
                .hasMessageContaining("yesterday")
                .hasMessageContaining("delete it");
        Files.delete(directory.resolve("spool").resolve("controls"));
        open();
    }

    @Test
    void hold_survivesTheLossOfTheIndex_releaseDelivers() throws IOException {
        operations().freeze(ORG, ANN);
        QueueId id = send("user@example.org");
        assertThat(operations()
                        .order(QueueAction.HOLD, QueueSelection.of(id), ANN)
                        .units())
                .isEqualTo(1);
        operations().thaw(ORG, ANN);
        assertThat(unit(id).state()).isEqualTo(UnitState.HELD);
        assertThat(unit(id).lastReply()).contains("held by ann: test");
        assertThat(counts().held()).isEqualTo(1);

        spool.close();
        Files.delete(directory.resolve("spool").resolve("index.db"));
        open();
        assertThat(unit(id).state()).isEqualTo(UnitState.HELD);
        assertThat(counts().held()).isEqualTo(1);

        operations().order(QueueAction.RELEASE, QueueSelection.of(id), ANN);
        await().until(() -> operations().find(id).isEmpty());
        assertThat(counts().forwarded()).isEqualTo(1);
    }

    @Test
    void discard_isCounted_alsoAfterTheIndexIsLost() throws IOException {
        operations().freeze(ORG, ANN);
        QueueId gone = send("user@example.org");
        QueueId stays = send("other@example.org");
        OrderResult result =
                operations().order(QueueAction.DISCARD, QueueSelection.of(gone), new OperatorOrder("ann", "junk"));
        assertThat(result).isEqualTo(new OrderResult(1, 1, List.of(), List.of()));
        assertThat(operations().find(gone)).isEmpty();
        assertThat(counts().discarded()).isEqualTo(1);

        spool.close();
        Files.delete(directory.resolve("spool").resolve("index.db"));
        open();
        assertThat(operations().find(gone)).isEmpty();
        assertThat(operations().find(stays)).isPresent();
        assertThat(counts().discarded()).isEqualTo(1);
        assertThat(counts().accepted()).isEqualTo(2);
    }

    @Test
    void discard_withoutReason_isRefused_andNothingIsRecorded() {
        operations().freeze(ORG, ANN);
        send("user@example.org");
        assertThatThrownBy(() -> operations().order(QueueAction.DISCARD, all(), new OperatorOrder("ann", " ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason");
        assertThat(counts().queued()).isEqualTo(1);
        assertThat(operations().audit(100)).hasSize(2);
    }

    @Test
    void retry_makesDeferredMailDueAtOnce() {
        primary.answer("RCPT", "450 4.2.0 later");
        QueueId id = send("user@example.org");
        await().until(() -> unit(id).attempts() == 1);
        assertThat(unit(id).nextAttempt()).isAfter(Instant.now().plus(Duration.ofMinutes(30)));
        primary.usual("RCPT");
        // The lane lets go of it just after its attempt is on record.
        await().until(() -> operations()
                .order(QueueAction.RETRY, QueueSelection.of(id), ANN)
                .busy()
                .isEmpty());
        await().until(() -> operations().find(id).isEmpty());
    }

    @Test
    void messageInHand_isLeftAlone() {
        CountDownLatch gate = new CountDownLatch(1);
        primary.holdDot(gate);
        QueueId id = send("user@example.org");
        await().until(() -> primary.commands().contains("DATA"));
        assertThat(operations()
                        .order(QueueAction.HOLD, QueueSelection.of(id), ANN)
                        .busy())
                .containsExactly(id);
        gate.countDown();
        await().until(() -> counts().forwarded() == 1);
    }

    @Test
    void missingMessage_isNamed() {
        QueueId unknown = new QueueId("0ABCDEF12345");
        assertThat(operations()
                        .order(QueueAction.RETRY, QueueSelection.of(unknown), ANN)
                        .missing())
                .containsExactly(unknown);
    }

    @Test
    void reroute_handsWhatIsQueuedToTheOther_andBack() {
        primary.close();
        QueueId id = send("user@example.org");
        QueueId elsewhere = send("user@example.net");
        try (ScriptedServer standby = ScriptedServer.start()) {
            NextHop to = new NextHop("127.0.0.1", standby.port(), TlsPolicy.NONE);
            operations().reroute(ORG, Optional.of(to), ANN);
            await().until(() -> operations().find(id).isEmpty());
            assertThat(standby.messages()).hasSize(1);
            assertThat(operations().find(elsewhere)).isPresent();

            spool.close();
            open();
            QueueId later = send("later@example.org");
            await().until(() -> operations().find(later).isEmpty());
            operations().reroute(ORG, Optional.empty(), ANN);
            assertThat(operations().controls()).isEmpty();
        }
    }

    @Test
    void reroute_toItself_isRefused() {
        InetSocketAddress own = spool.addresses().get(0);
        assertThatThrownBy(() -> operations()
                        .reroute(ORG, Optional.of(new NextHop("127.0.0.1", own.getPort(), TlsPolicy.NONE)), ANN))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("the spool itself");
    }

    @Test
    void orderForAForeignDomain_isRefused() {
        assertThatThrownBy(() -> operations().freeze(new DomainName("example.com"), ANN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example.com")
                .hasMessageContaining("example.net, example.org");
    }

    @Test
    void filter_meansWhatItSays() {
        operations().freeze(ORG, ANN);
        operations().freeze(NET, ANN);
        QueueId one = send(ReversePath.of(new Mailbox("boss", "sender.test")), "user@example.org");
        QueueId two = send(ReversePath.NULL, "user@example.net");
        assertThat(ids(filter(f -> new QueueFilter(
                        Optional.of(NET), f.states(), f.sender(), f.recipient(), f.arrivedBefore(), f.reply()))))
                .containsExactly(two);
        assertThat(ids(sender("<>"))).containsExactly(two);
        assertThat(ids(sender("@SENDER.test"))).containsExactly(one);
        assertThat(ids(sender("boss@sender.test"))).containsExactly(one);
        assertThat(ids(sender("oss@sender.test"))).isEmpty();
        assertThat(ids(filter(f -> f.before(Instant.now().minusSeconds(60))))).isEmpty();
        assertThat(ids(filter(f -> f.within(Set.of(UnitState.HELD))))).isEmpty();
        assertThat(operations().ages(QueueAges.USUAL_LIMITS).domains())
                .hasSize(2)
                .allSatisfy((domain, classes) -> assertThat(classes)
                        .hasSize(QueueAges.USUAL_LIMITS.size() + 1)
                        .startsWith(1L)
                        .endsWith(0L));
    }

    private List<QueueId> ids(QueueFilter filter) {
        return operations().list(filter, Optional.empty(), 100).messages().stream()
                .map(QueuedMessage::id)
                .toList();
    }

    private static QueueFilter filter(java.util.function.UnaryOperator<QueueFilter> change) {
        return change.apply(QueueFilter.ALL);
    }

    private static QueueFilter sender(String sender) {
        return filter(f -> new QueueFilter(
                f.domain(), f.states(), Optional.of(sender), f.recipient(), f.arrivedBefore(), f.reply()));
    }

    @Test
    void list_pagesThroughAll() {
        operations().freeze(ORG, ANN);
        List<QueueId> sent = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sent.add(send("user@example.org"));
        }
        List<QueueId> seen = new ArrayList<>();
        Optional<QueueId> last = Optional.empty();
        boolean more = true;
        while (more) {
            QueueOperations.Page page = operations().list(QueueFilter.ALL, last, 3);
            page.messages().forEach(m -> seen.add(m.id()));
            last = page.last();
            more = page.more();
        }
        assertThat(seen).containsExactlyElementsOf(sent);
    }

    @Test
    void auditLog_isPrivate_andKeepsLinesWhole() throws IOException {
        operations().freeze(ORG, new OperatorOrder("ann\t\n", "a\nb\tc"));
        Path log = directory.resolve("spool").resolve("audit.log");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-------");
        assertThat(operations().audit(1).get(0).reason()).isEqualTo("a b c");
        assertThat(Files.readAllLines(log)).hasSize(2);
    }
}
