package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import org.understudy.smtp.ScriptedServer.AtDot;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;

/** The whole spool between a real client and a scripted primary. */
class SpoolTest {
    private static final DomainName DOMAIN = new DomainName("example.org");
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    Path temporary;

    private final ScriptedServer primary = ScriptedServer.start();
    private @Nullable Spool spool;

    @BeforeEach
    void open() {
        spool = Spool.open(settings(4), Clock.systemUTC());
        spool.start();
    }

    @AfterEach
    void close() {
        primary.close();
        if (spool != null) {
            spool.close();
        }
    }

    private Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("no spool");
        }
        return spool;
    }

    private SpoolSettings settings(int concurrency) {
        SmtpTimeouts timeouts = SmtpTimeouts.all(SHORT);
        return new SpoolSettings(
                LoopbackReception.settings(20_000_000, 1000),
                new StorageSettings(temporary.resolve("spool"), 1024 * 1024, 256 * 1024, 0),
                new ForwardingSettings(
                        Map.of(DOMAIN, nextHop()),
                        new DomainName("mx2.test"),
                        Duration.ofMillis(200),
                        concurrency,
                        Duration.ofMillis(300),
                        Duration.ofSeconds(2),
                        ForwardingPatience.standard(),
                        timeouts));
    }

    private NextHop nextHop() {
        return new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE);
    }

    private TransactionResult submit(Envelope envelope, byte[] content) {
        InetSocketAddress address = spool().addresses().get(0);
        try (SmtpSession session = SmtpSession.open(
                        new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow()) {
            return session.send(envelope, MessageContent.of(content), TransactionObserver.NONE);
        }
    }

    private void accept(String recipient, String content) {
        TransactionResult result = submit(envelope(recipient), content.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(result.outcome()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
    }

    private static Envelope envelope(String... localParts) {
        List<Recipient> recipients = new ArrayList<>();
        for (String localPart : localParts) {
            recipients.add(Recipient.of(new ForwardPath(localPart, Optional.of("example.org"))));
        }
        return new Envelope(ReversePath.of(new Mailbox("s", "sender.test")), EsmtpParameters.NONE, recipients);
    }

    private static String belowTrace(String text) {
        assertThat(text).startsWith("Received: from client.test");
        return text.substring(text.indexOf("\r\n", text.indexOf("; ")) + 2);
    }

    private LaneStatus lane() {
        return spool().status().lanes().get(0);
    }

    private QueueCounts counts() {
        QueueCounts counts = spool().status().counts();
        assertThat(counts.isBalanced()).as(counts.toString()).isTrue();
        return counts;
    }

    private void awaitEmpty() {
        await().atMost(Duration.ofSeconds(20)).until(() -> counts().messages() == 0);
    }

    @Test
    void forward_primaryUp_arrivesOctetForOctet() {
        byte[] big = new byte[5_000_000];
        new Random(1).nextBytes(big);
        String binary =
                new String(big, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n") + "\r\n";
        List<String> contents =
                List.of("Subject: x\r\n\r\n.\r\n..\r\n\u00e4\u00ff\r\n", "", ".\r\n", "no header\r\n", binary);
        contents.forEach(c -> accept("a", c));
        awaitEmpty();
        assertThat(primary.messages()).hasSize(contents.size());
        assertThat(primary.messages())
                .extracting(m -> belowTrace(m.text()))
                .containsExactlyInAnyOrderElementsOf(contents);
        assertThat(counts().forwarded()).isEqualTo(contents.size());
    }

    @Test
    void forward_envelope_isKept() {
        submit(
                new Envelope(
                        ReversePath.NULL,
                        new EsmtpParameters(Map.of("BODY", "8BITMIME", "ENVID", "e1")),
                        List.of(new Recipient(
                                new ForwardPath("a+b", Optional.of("Example.ORG")),
                                new EsmtpParameters(Map.of("NOTIFY", "NEVER"))))),
                "x\r\n".getBytes(StandardCharsets.US_ASCII));
        awaitEmpty();
        assertThat(primary.messages().get(0).mailFrom()).startsWith("<>").contains("BODY=8BITMIME", "ENVID=e1");
        assertThat(primary.messages().get(0).recipients()).containsExactly("<a+b@Example.ORG> NOTIFY=NEVER");
    }

    @Test
    void outage_holdsAndForwardsWhenBack_oldestFirst_eachOnce() {
        primary.pause();
        List<String> contents = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            contents.add("message " + i + "\r\n");
            accept("a", contents.get(i));
        }
        await().until(() -> lane().state() == LaneState.DOWN);
        assertThat(counts().queued()).isEqualTo(200);
        assertThat(lane().lastError().orElseThrow()).contains("refused");
        primary.resume();
        awaitEmpty();
        assertThat(lane().state()).isEqualTo(LaneState.RECOVERING);
        List<String> arrived =
                primary.messages().stream().map(m -> belowTrace(m.text())).toList();
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(contents);
        assertThat(arrived.get(0)).isEqualTo(contents.get(0));
    }

    @Test
    void outage_costsOneConnectionPerProbe_notPerMessage() {
        primary.answer("GREETING", "421 4.3.2 busy");
        for (int i = 0; i < 100; i++) {
            accept("a", "x\r\n");
        }
        await().until(() -> lane().state() == LaneState.DOWN);
        int before = primary.connections();
        await().until(() -> primary.connections() >= before + 2);
        assertThat(primary.connections()).isLessThan(before + 20);
        assertThat(primary.commands()).noneMatch(c -> c.startsWith("MAIL"));
        primary.usual("GREETING");
        awaitEmpty();
    }

    @Test
    void signOfLife_probesAtOnce() {
        spool().close();
        SpoolSettings slow = settings(4);
        ForwardingSettings f = slow.forwarding();
        primary.answer("GREETING", "421 4.3.2 busy");
        spool = Spool.open(
                new SpoolSettings(
                        slow.reception(),
                        slow.storage(),
                        new ForwardingSettings(
                                f.routes(),
                                f.ehloName(),
                                Duration.ofHours(1),
                                4,
                                f.minimumBackoff(),
                                f.maximumBackoff(),
                                f.patience(),
                                f.timeouts())),
                Clock.systemUTC());
        spool().start();
        accept("a", "x\r\n");
        await().until(() -> lane().state() == LaneState.DOWN);
        primary.usual("GREETING");
        spool().signOfLife(nextHop());
        awaitEmpty();
    }

    @Test
    void restart_inAnOutage_losesNothing() {
        primary.pause();
        for (int i = 0; i < 20; i++) {
            accept("a", "message " + i + "\r\n");
        }
        spool().close();
        spool = Spool.open(settings(4), Clock.systemUTC());
        spool().start();
        assertThat(counts().queued()).isEqualTo(20);
        primary.resume();
        awaitEmpty();
        assertThat(primary.messages()).hasSize(20);
    }

    @Test
    void recipients_eachHasItsOwnFate() {
        accept("warmup", "x\r\n");
        awaitEmpty();
        primary.answer("RCPT", n -> switch (n) {
            case 1 -> "450 4.2.1 later";
            case 2 -> "550 5.1.1 no such user";
            default -> null;
        });
        submit(envelope("a", "b", "c", "d"), "x\r\n".getBytes(StandardCharsets.US_ASCII));
        await().until(() -> counts().forwarded() == 4);
        // It is asked once more before that is believed.
        assertThat(counts().queued()).isEqualTo(1);
        assertThat(primary.messages())
                .extracting(ScriptedServer.Message::recipients)
                .contains(List.of("<a@example.org>", "<d@example.org>"), List.of("<b@example.org>"));
    }

    @Test
    void tooManyRecipients_restFollowsAtOnce() {
        accept("warmup", "x\r\n");
        awaitEmpty();
        primary.answer("RCPT", n -> n >= 2 && n < 4 ? "452 4.5.3 too many" : null);
        submit(envelope("a", "b", "c", "d"), "x\r\n".getBytes(StandardCharsets.US_ASCII));
        awaitEmpty();
        assertThat(primary.messages()).hasSize(3);
        assertThat(primary.messages().get(2).recipients()).containsExactly("<c@example.org>", "<d@example.org>");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"DOT, 552 5.3.4 too big", "DOT, 554 5.6.0 virus"})
    void content_refusedForGood_isKeptNotBounced(String verb, String reply) {
        accept("warmup", "x\r\n");
        awaitEmpty();
        primary.answer(verb, n -> n == 0 ? reply : null);
        accept("a", "bad\r\n");
        await().until(() -> counts().quarantined() == 1);
        accept("b", "good\r\n");
        await().until(() -> primary.messages().stream().anyMatch(m -> m.text().contains("good")));
        assertThat(primary.messages()).allMatch(m -> !m.mailFrom().contains("<>"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GREETING, 554 5.7.1 go away",
        "EHLO, 550 5.7.1 you again",
        "MAIL, 550 5.7.1 blocked",
        "MAIL, 530 5.7.0 STARTTLS first",
        "DATA, 554 5.7.1 not from you",
        "MAIL, 421 4.3.2 closing"
    })
    void path_refused_stopsTheLaneAndTouchesNothing(String verb, String reply) {
        primary.answer(verb, reply);
        accept("a", "x\r\n");
        await().until(() ->
                lane().state() == LaneState.DOWN || lane().lastError().isPresent());
        assertThat(lane().lastError().orElseThrow()).contains(reply);
        assertThat(counts().queued()).isEqualTo(1);
        primary.usual(verb);
        awaitEmpty();
    }

    @Test
    void refusalsJustAfterAnOutage_quarantineNothing() {
        primary.pause();
        for (int i = 0; i < 20; i++) {
            accept("a", "message " + i + "\r\n");
        }
        await().until(() -> lane().state() == LaneState.DOWN);
        primary.answer("RCPT", "550 5.1.1 user unknown");
        primary.resume();
        await().until(() -> lane().lastError().orElse("").contains("just after an outage"));
        assertThat(counts().quarantined()).isZero();
        assertThat(counts().queued()).isEqualTo(20);
        primary.usual("RCPT");
        awaitEmpty();
        assertThat(primary.messages()).hasSize(20);
    }

    @Test
    void noReplyToTheDot_isNotCountedAndNotBounced() {
        primary.atDot(AtDot.RESET);
        accept("a", "x\r\n");
        await().until(() ->
                counts().queued() == 1 && lane().lastError().orElse("").contains("final dot"));
        assertThat(counts().forwarded()).isZero();
        assertThat(primary.messages()).hasSize(1);
    }

    @Test
    void relay_foreignDomain_isDenied() {
        TransactionResult result =
                submit(Envelope.of(ReversePath.NULL, new ForwardPath("a", Optional.of("other.test"))), new byte[0]);
        assertThat(result.reply().orElseThrow().toString()).startsWith("550 5.7.1");
        result = submit(
                Envelope.of(ReversePath.NULL, new ForwardPath("a", Optional.of("sub.example.org"))), new byte[0]);
        assertThat(result.reply().orElseThrow().code()).isEqualTo(550);
    }

    @Test
    void postmaster_isTakenAndForwarded() {
        submit(
                Envelope.of(ReversePath.NULL, new ForwardPath("postmaster", Optional.empty())),
                "x\r\n".getBytes(StandardCharsets.US_ASCII));
        awaitEmpty();
        assertThat(primary.messages().get(0).recipients()).containsExactly("<postmaster>");
    }

    @Test
    void nextHopWithOurName_isALoop() {
        primary.answer("GREETING", "220 mx2.test ESMTP me");
        accept("a", "x\r\n");
        await().until(() -> lane().lastError().orElse("").contains("loop"));
        assertThat(counts().queued()).isEqualTo(1);
    }

    @Test
    void open_nextHopIsItself_isRefused() {
        SpoolSettings s = settings(1);
        SpoolSettings looping = new SpoolSettings(
                s.reception()
                        .withListen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), primary.port()))),
                s.storage(),
                s.forwarding());
        assertThatThrownBy(() -> Spool.open(looping, Clock.systemUTC())).hasMessageContaining("the spool itself");
    }

    @Test
    void drain_deliveryInHand_comesThrough() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        primary.holdDot(gate);
        accept("a", "x\r\n");
        await().until(() -> primary.commands().contains("DATA"));
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> spool().drain(Duration.ofSeconds(10)));
        gate.countDown();
        assertThat(drained.get()).isTrue();
        assertThat(counts().forwarded()).isEqualTo(1);
    }
}
