package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.probes.canary.CanaryWorld.DOMAIN;
import static org.understudy.probes.canary.CanaryWorld.MX1;
import static org.understudy.probes.canary.CanaryWorld.MX2;
import static org.understudy.probes.canary.CanaryWorld.VIA_BACKUP;
import static org.understudy.probes.canary.CanaryWorld.VIA_PRIMARY;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;

/** What is found in the mailbox, and what is made of it. */
class CanaryArrivalTest {
    @TempDir
    Path directory;

    private CanaryWorld world;

    @BeforeEach
    void begin() {
        world = CanaryWorld.in(directory);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private static void assertOnly(ProbeResult result, FindingType type) {
        assertThat(result.findings())
                .as(result.toString())
                .extracting(Finding::type)
                .containsExactly(type);
    }

    @Test
    void backupPath_neverAtBackup_isWrongPath() {
        ProbeResult result = world.runDelivered(world.viaBackup(), world.mx2, VIA_PRIMARY);

        assertOnly(result, FindingType.CANARY_WRONG_PATH);
        assertThat(result.findings().get(0).evidence().get("trouble"))
                .contains("mx2.example.org does not occur in its trace fields");
        assertThat(world.canaries().latestConfirmed(DOMAIN, MX2)).isEmpty();
    }

    @Test
    void primaryPath_overBackup_isWrongPath() {
        ProbeResult result = world.runDelivered(world.viaPrimary(), world.mx1, VIA_BACKUP);

        assertOnly(result, FindingType.CANARY_WRONG_PATH);
    }

    @Test
    void wrongPath_laterCanaryRight_isGone() {
        Probe probe = world.viaPrimary();
        assertOnly(world.runDelivered(probe, world.mx1, VIA_BACKUP), FindingType.CANARY_WRONG_PATH);

        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void forgedSignature_isNotCountedAndReported() {
        world.patience(Duration.ofMillis(800));
        Probe probe = world.viaPrimary();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(probe);
        String text = world.received(world.mx1, 0);
        String token = world.latest(MX1).id();
        world.deliver("INBOX", text.replaceFirst("(?s)(" + CanaryMark.HEADER + ".*?sig=)....", "$1abcd"), VIA_PRIMARY);

        assertOnly(run.join(), FindingType.CANARY_FORGED);
        assertThat(world.latest(MX1).id()).isEqualTo(token);
        assertThat(world.latest(MX1).state()).isEqualTo(CanaryState.ACCEPTED);
    }

    @Test
    void forgedPath_isReportedOnceByTheFirstExchanger() {
        world.patience(Duration.ofMillis(800));
        Probe primary = world.viaPrimary();
        Probe backup = world.viaBackup();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(primary);
        String text = world.received(world.mx1, 0);
        world.deliver("INBOX", text.replace("path=example.org/mx1", "path=example.com/mx9"), VIA_PRIMARY);

        assertOnly(run.join(), FindingType.CANARY_FORGED);
        assertThat(CanaryWorld.run(backup).findings()).isEmpty();
    }

    @Test
    void deliveredTwice_isDuplicated() {
        Probe probe = world.viaPrimary();
        world.runDelivered(probe, world.mx1, VIA_PRIMARY);
        world.deliver("INBOX", world.received(world.mx1, 0), VIA_PRIMARY);
        await().until(() -> world.latest(MX1).state() == CanaryState.DUPLICATED);

        assertOnly(world.runDelivered(probe, world.mx1, VIA_PRIMARY), FindingType.CANARY_DUPLICATED);
        world.clock.advance(Duration.ofMinutes(61));
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void copyOfOneDelivery_inAnotherFolder_isNoDuplicate() {
        Probe probe = world.viaPrimary();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(probe);
        String delivered = "Received: by mx1.example.org id 1\r\n" + world.received(world.mx1, 0);
        world.put("INBOX", delivered);
        assertThat(run.join().outcome()).isEqualTo(Outcome.OK);
        world.put("Junk", delivered);

        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
        assertThat(world.canaries().recent(DOMAIN, 5))
                .extracting(c -> c.state())
                .containsExactly(CanaryState.SEEN, CanaryState.SEEN);
    }

    @Test
    void bodyChanged_isModified() {
        CompletableFuture<ProbeResult> run = CanaryWorld.start(world.viaPrimary());
        world.deliver("INBOX", world.received(world.mx1, 0) + "-- \r\nSent by a gateway\r\n", VIA_PRIMARY);

        assertOnly(run.join(), FindingType.CANARY_MODIFIED);
        assertThat(world.latest(MX1).trouble()).contains("body");
    }

    @Test
    void subjectTagged_isModified() {
        CompletableFuture<ProbeResult> run = CanaryWorld.start(world.viaPrimary());
        world.deliver("INBOX", world.received(world.mx1, 0).replace("Subject: ", "Subject: [EXTERNAL] "), VIA_PRIMARY);

        assertOnly(run.join(), FindingType.CANARY_MODIFIED);
    }

    @Test
    void encodedOnTheWay_isNotModified() {
        world.mx1.offers("PIPELINING");
        ProbeResult result = world.runDelivered(world.viaPrimary(), world.mx1, VIA_PRIMARY);

        assertThat(world.received(world.mx1, 0))
                .contains("quoted-printable")
                .matches(text -> text.chars().allMatch(c -> c < 0x80));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void otherFolder_isJunked() {
        CompletableFuture<ProbeResult> run = CanaryWorld.start(world.viaPrimary());
        world.deliver("Junk", world.received(world.mx1, 0), VIA_PRIMARY);

        ProbeResult result = run.join();
        assertOnly(result, FindingType.CANARY_JUNKED);
        assertThat(result.facts()).containsEntry("folder", "Junk");
    }

    @Test
    void failureNotice_isBounced() {
        CompletableFuture<ProbeResult> run = CanaryWorld.start(world.viaBackup());
        world.put("INBOX", notice(world.received(world.mx2, 0), "failed"));

        ProbeResult result = run.join();
        assertOnly(result, FindingType.CANARY_BOUNCED);
        assertThat(world.latest(MX2).state()).isEqualTo(CanaryState.BOUNCED);
        assertThat(world.latest(MX2).trouble()).contains("5.1.1", "550 5.1.1 no such user", "mx2.example.org");
    }

    @Test
    void delayNotice_isNoBounce() {
        world.patience(Duration.ofMillis(800));
        CompletableFuture<ProbeResult> run = CanaryWorld.start(world.viaBackup());
        world.put("INBOX", notice(world.received(world.mx2, 0), "delayed"));

        assertThat(run.join().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(world.latest(MX2).state()).isEqualTo(CanaryState.ACCEPTED);
    }

    private static String notice(String original, String action) {
        return String.join(
                "\r\n",
                "From: MAILER-DAEMON@mx2.example.org",
                "To: probe@example.net",
                "Subject: Undelivered Mail",
                "MIME-Version: 1.0",
                "Content-Type: multipart/report; report-type=delivery-status;",
                "\tboundary=\"b1\"",
                "",
                "--b1",
                "Content-Type: text/plain",
                "",
                "It could not be delivered.",
                "--b1",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mx2.example.org",
                "",
                "Final-Recipient: rfc822; canary@example.org",
                "Action: " + action,
                "Status: 5.1.1",
                "Diagnostic-Code: smtp;",
                " 550 5.1.1 no such user",
                "",
                "--b1",
                "Content-Type: text/rfc822-headers",
                "",
                original.substring(0, original.indexOf("\r\n\r\n")),
                "",
                "--b1--",
                "");
    }
}
