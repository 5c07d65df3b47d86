package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;

/** Notices that no operator orders: few leave, and none to whom is not proven to be the sender. */
class UnaskedNoticesTest {
    private static final SenderProof PROVEN = message -> true;
    private static final String CONTENT = "Subject: hello\r\n\r\nbody\r\n";
    private static final Duration EXPIRY = TimedSpool.RETENTION.plusMinutes(1);

    private static final Executor SESSIONS = work -> new Thread(work).start();

    @TempDir
    Path directory;

    private TimedSpool open(NoticePolicy policy, SenderProof proof) {
        TimedSpool spool = TimedSpool.withNotices(directory, policy, proof);
        spool.operations().freeze(TimedSpool.ORG, TimedSpool.ANN);
        return spool;
    }

    private static Envelope from(String sender) {
        return from(sender, EsmtpParameters.NONE);
    }

    private static Envelope from(String sender, EsmtpParameters recipient) {
        return new Envelope(
                ReversePath.of(new Mailbox(sender, "sender.test")),
                EsmtpParameters.NONE,
                List.of(new Recipient(TimedSpool.recipient("user@example.org").path(), recipient)));
    }

    @Test
    void expiredMail_isReturned_ifItsSenderIsProven() {
        try (TimedSpool spool = open(NoticePolicy.EXPIRED, PROVEN)) {
            QueueId id = spool.send(from("s"), CONTENT);
            spool.clock.advance(EXPIRY);
            await().until(() -> spool.smarthost.messages().size() == 1);
            await().until(() -> spool.find(id).isEmpty());
            assertThat(spool.counts().returned()).isEqualTo(1);
            assertThat(spool.smarthost.messages().get(0).text()).contains("\r\nAction: failed\r\nStatus: 4.4.7\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-generated",
                "auto-submitted: auto-replied (vacation)",
                "Precedence: bulk",
                "Precedence: List",
                "List-Id: <a.sender.test>",
                "List-Unsubscribe: <mailto:x@sender.test>",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
            })
    void whatMachinesAndListsSent_isKept(String field) {
        try (TimedSpool spool = open(NoticePolicy.ALL, PROVEN)) {
            QueueId id = spool.send(from("s"), field + "\r\n" + CONTENT);
            QueueId machine = spool.send(from("owner-list"), CONTENT);
            QueueId never = spool.send(from("n", new EsmtpParameters(Map.of("NOTIFY", "NEVER"))), CONTENT);
            spool.clock.advance(EXPIRY);
            await().until(() -> spool.counts().expired() == 3);
            assertThat(List.of(id, machine, never))
                    .allSatisfy(kept -> assertThat(spool.unit(kept).state()).isEqualTo(UnitState.EXPIRED));
            assertThat(spool.counts().accepted()).isEqualTo(3);
        }
    }

    @Test
    void aSenderIsToldOnceADay_alsoOverARestart() {
        try (TimedSpool spool = open(NoticePolicy.EXPIRED, PROVEN)) {
            spool.send(List.of(from("s"), from("S")), CONTENT);
            spool.clock.advance(EXPIRY);
            await().until(() -> spool.counts().returned() == 1 && spool.counts().expired() == 1);
            spool.restart();
            QueueId third = spool.send(from("s"), "Subject: third\r\n\r\nx\r\n");
            spool.clock.advance(Duration.ofHours(23));
            assertThat(spool.find(third)).isPresent();
            spool.clock.advance(EXPIRY);
            await().until(() -> spool.counts().returned() == 2);
        }
    }

    @Test
    void fewLeave_inAnHour() {
        try (TimedSpool spool = open(NoticePolicy.EXPIRED, PROVEN)) {
            spool.send(IntStream.range(0, 25).mapToObj(i -> from("s" + i)).toList(), CONTENT);
            spool.clock.advance(EXPIRY);
            await().until(() ->
                    spool.counts().returned() == 20 && spool.counts().expired() == 5);
            await().until(() -> spool.smarthost.messages().size() == 20);
        }
    }

    @Test
    void delay_isToldOnce_ifItIsWanted() {
        try (TimedSpool spool = open(NoticePolicy.ALL, PROVEN)) {
            spool.send(List.of(from("s"), from("f", new EsmtpParameters(Map.of("NOTIFY", "FAILURE")))), CONTENT);
            spool.clock.advance(Duration.ofHours(3));
            await().during(Duration.ofMillis(200))
                    .until(() -> spool.smarthost.messages().isEmpty());
            spool.clock.advance(Duration.ofHours(2));
            await().until(() -> spool.smarthost.messages().size() == 1);
            assertThat(spool.smarthost.messages().get(0).text())
                    .contains("\r\nAction: delayed\r\n")
                    .contains("\r\nWill-Retry-Until: ");
            spool.restart();
            spool.clock.advance(Duration.ofDays(2));
            await().during(Duration.ofMillis(300))
                    .until(() -> spool.smarthost.messages().size() == 1);
            assertThat(spool.counts().queued()).isEqualTo(2);
        }
    }

    /** A thousand messages with forged senders, which the primary refuses; nobody who was forged ever hears of it. */
    @ParameterizedTest
    @EnumSource
    void forgedSenders_getNothing(NoticePolicy policy) {
        try (TimedSpool spool = TimedSpool.withNotices(directory, policy, SenderProof.NONE)) {
            QueueId first = spool.send(from("known"), "Subject: first\r\n\r\nx\r\n");
            await().until(() -> spool.find(first).isEmpty());
            spool.primary.answer("DOT", "554 5.6.0 spam");
            List<Envelope> forged =
                    IntStream.range(0, 1000).mapToObj(i -> from("victim" + i)).toList();
            // In many sessions, which share a commit.
            IntStream.range(0, 10)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> spool.send(forged.subList(i * 100, i * 100 + 100), CONTENT), SESSIONS))
                    .toList()
                    .forEach(CompletableFuture::join);
            await().atMost(Duration.ofMinutes(1)).until(() -> spool.counts().quarantined() == 1000);
            spool.primary.pause();
            spool.send(forged.subList(0, 200), "Subject: waits\r\n\r\nx\r\n");
            spool.clock.advance(Duration.ofHours(5));
            spool.clock.advance(EXPIRY);
            await().until(() -> spool.counts().expired() == 200);
            assertThat(spool.smarthost.connections()).isZero();
            assertThat(spool.counts().accepted()).isEqualTo(1201);
            assertThat(spool.counts().returned()).isZero();
        }
    }
}
