package org.understudy.probes.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.content.ContentWorld.EICAR;
import static org.understudy.probes.content.ContentWorld.GTUBE;
import static org.understudy.probes.content.ContentWorld.ZIP;
import static org.understudy.probes.content.ContentWorld.ids;
import static org.understudy.probes.content.ContentWorld.offered;
import static org.understudy.probes.content.ContentWorld.spoil;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;
import org.understudy.smtp.Answer;

class ContentProbeTest {
    private static final int SAMPLES = Sample.values().length;

    @TempDir
    Path directory;

    private ContentWorld world;

    @BeforeEach
    void begin() {
        world = new ContentWorld(directory);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void alike_isSilent_andGoesToTheCanariesRecipientOnly() {
        ProbeResult result = world.run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(offered(world.primary)).isEqualTo(SAMPLES);
        assertThat(offered(world.backup)).isEqualTo(SAMPLES);
        assertThat(world.backup.messages()).hasSize(7).allSatisfy(message -> {
            assertThat(message.recipients()).hasSize(1);
            assertThat(message.recipients().get(0)).isEqualTo("<canary@example.org> NOTIFY=NEVER");
            assertThat(message.mailFrom()).startsWith("<probe+sample@example.net>");
        });
        assertThat(result.facts().get("gtube, mx2.example.org")).contains("→ 554 5.7.1 spam message rejected (DOT)");
    }

    @ParameterizedTest
    @CsvSource({GTUBE + ",gtube", "eicar\\.com,eicar"})
    void backupThatTakesWhatThePrimaryRefuses_isFound_askedTwice(String content, String label) {
        spoil(world.backup, content, "250 2.0.0 Ok: queued as B77");
        ProbeResult result = world.run();
        assertThat(ids(result)).as(result.toString()).containsExactly("filter-parity-gap");
        Finding finding = result.findings().get(0);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.subject()).isEqualTo("mx2.example.org");
        assertThat(finding.evidence().get(label + " at mx1.example.org")).startsWith("554 5.7.1");
        assertThat(finding.evidence().get(label + " at mx2.example.org")).startsWith("250 2.0.0");
        assertThat(finding.fix()).contains("soft_bounce");
        assertThat(offered(world.backup)).isEqualTo(SAMPLES + 1);
        assertThat(offered(world.primary)).isEqualTo(SAMPLES + 1);
        assertThat(world.discarded).contains("mx2.example.org B77");
    }

    @Test
    void backupThatPutsSuchContentOff_isHowItShouldBe() {
        spoil(world.backup, GTUBE + "|" + EICAR, "451 4.7.1 please try the primary");
        assertThat(world.run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void primaryThatPutsSuchContentOff_andABackupThatTakesIt_areFound() {
        spoil(world.primary, GTUBE, "451 4.7.1 later");
        spoil(world.backup, GTUBE, "250 2.0.0 Ok: queued as B77");
        assertThat(ids(world.run())).containsExactly("filter-parity-gap");
    }

    @Test
    void backupThatAloneRefusesSuchContent_isFound_asAGap() {
        spoil(world.primary, GTUBE, "250 2.0.0 Ok: filed as junk");
        ProbeResult result = world.run();
        assertThat(ids(result)).containsExactly("filter-parity-gap");
    }

    @ParameterizedTest
    @CsvSource({"text/html", "application/zip", "application/pdf", "List-Id:", "charset=utf-8", "This file is long"})
    void backupThatRefusesWhatThePrimaryTakes_isCritical(String content) {
        String sought = content.equals("This file is long") ? "Content check of mx2.example.org: large" : content;
        spoil(world.backup, sought, "554 5.7.1 this content is not allowed");
        ProbeResult result = world.run();
        assertThat(ids(result)).as(result.toString()).containsExactly("backup-rejects-content-primary-accepts");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.CRITICAL);
        assertThat(result.findings().get(0).evidence().toString())
                .contains("554 5.7.1 this content is not allowed (DOT)");
    }

    @Test
    void sizeThatTheBackupRefusesAtMail_countsAsContent() {
        world.backup
                .offers("PIPELINING", "SIZE 100000000", "8BITMIME", "DSN")
                .whenever("SIZE=\\d{6}", "552 5.3.4 too big");
        ProbeResult result = world.run();
        assertThat(ids(result)).as(result.toString()).containsExactly("backup-rejects-content-primary-accepts");
        assertThat(result.findings().get(0).summary()).endsWith("takes: large");
    }

    @Test
    void contentThatBothRefuse_saysNothingAboutTheBackup() {
        spoil(world.primary, ZIP, "552 5.7.0 archives are not allowed");
        spoil(world.backup, ZIP, "552 5.7.0 archives are not allowed");
        assertThat(world.run().outcome()).isEqualTo(Outcome.OK);
        spoil(world.backup, "never", "");
        world.clock.advance(ContentWorld.WEEK);
        assertThat(world.run().outcome()).isEqualTo(Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource({"false,put off while the primary is up", "true,as is meant"})
    void backupThatPutsContentOff_isNotedOnly(boolean meant, String note) {
        world.intent = new SmtpIntent(Optional.empty(), meant, false, false, List.of());
        spoil(world.backup, "Subject:", "451 4.3.2 use the primary");
        ProbeResult result = world.run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts().get("zip, mx2.example.org")).endsWith(note);
    }

    @Test
    void answerThatIsAnotherOneTheSecondTime_isNoFinding() {
        AtomicInteger asked = new AtomicInteger();
        world.backup.answer("DOT", n -> asked.getAndIncrement() == 1 ? "554 5.7.1 a mood" : null);
        ProbeResult result = world.run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("answered differently when it was asked again", "html");
    }

    @Test
    void deadPrimary_isUnknown_theBackupIsSpared_andTheNextTryIsADayLater() {
        world.primary.pause();
        ProbeResult result = world.run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("mx1.example.org", "CONNECT");
        assertThat(offered(world.backup)).isZero();
        world.primary.resume();
        world.clock.advance(Duration.ofHours(23));
        ProbeResult between = world.run();
        assertThat(between.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(between.cause()).contains("the next ones leave at");
        assertThat(offered(world.primary)).isZero();
        world.clock.advance(Duration.ofHours(2));
        assertThat(world.run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void silentBackup_isUnknown() {
        world.backup.pause();
        ProbeResult result = world.run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("nothing is known of plain at mx2.example.org");
    }

    @Test
    void refusalBeforeTheContent_saysNothingOfIt() {
        world.backup.whenever("^RCPT", "550 5.1.1 no such user");
        ProbeResult result = world.run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("550 5.1.1 no such user (RCPT)");
    }

    @Test
    void refusalForWhereItComesFrom_saysNothingOfTheContent() {
        spoil(world.backup, ZIP, "554 5.7.1 client blocked using bl.test");
        ProbeResult result = world.run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("zip", "blocked using bl.test");
    }

    @Test
    void samples_leaveOnceAWeek_alsoAfterARestart_andTheFindingStays() {
        spoil(world.backup, ZIP, "554 5.7.1 no archives");
        assertThat(world.run().outcome()).isEqualTo(Outcome.FINDING);
        long sent = offered(world.backup);
        ContentWorld.filtering(world.backup);
        world.clock.advance(Duration.ofDays(6));
        assertThat(ids(world.run())).containsExactly("backup-rejects-content-primary-accepts");
        assertThat(offered(world.backup)).isEqualTo(sent);
        world.clock.advance(Duration.ofDays(1));
        assertThat(world.run().outcome()).isEqualTo(Outcome.OK);
        assertThat(offered(world.backup)).isEqualTo(sent + SAMPLES);
    }

    @Test
    void serverThatHangsUpAtOneSample_isOfferedTheOthers() {
        world.backup.on("DOT", 3, Answer.reset());
        ProbeResult result = world.run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("nothing is known of zip at mx2.example.org");
        assertThat(offered(world.backup)).isEqualTo(SAMPLES);
        assertThat(world.backup.connections()).isEqualTo(2);
        assertThat(result.facts().get("eicar, mx2.example.org")).contains("→ 554");
    }

    @Test
    void withoutABackup_isSkipped() {
        world.hasBackup = false;
        assertThat(world.run().outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(offered(world.primary)).isZero();
    }
}
