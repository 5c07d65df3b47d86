package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.smtp.ScriptedServer;

/** What a backup, or the primary's opinion of it, does to a canary that arrives whole when it comes directly. */
class RelayFindingsTest {
    @TempDir
    Path directory;

    private CanaryWorld world;
    private Probe primary;
    private Probe backup;

    @BeforeEach
    void begin() {
        world = CanaryWorld.in(directory);
        primary = world.viaPrimary();
        backup = world.viaBackup();
    }

    @AfterEach
    void end() {
        world.close();
    }

    private ProbeResult direct(UnaryOperator<String> arrives) {
        int before = world.mx1.messages().size();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(primary);
        world.deliver("INBOX", arrives.apply(world.received(world.mx1, before)), CanaryWorld.VIA_PRIMARY);
        return run.join();
    }

    private ProbeResult relayed(UnaryOperator<String> arrives) {
        int before = world.mx2.messages().size();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(backup);
        world.deliver("INBOX", arrives.apply(world.received(world.mx2, before)), CanaryWorld.VIA_BACKUP);
        return run.join();
    }

    private static UnaryOperator<String> with(String field) {
        return text -> field + "\r\n" + text;
    }

    private static List<String> found(ProbeResult result) {
        return result.findings().stream()
                .map(f -> f.type().id() + " " + f.severity())
                .toList();
    }

    private static void ok(ProbeResult result) {
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void untouched_isOk() {
        ok(direct(t -> t));
        ok(relayed(t -> t));
    }

    /** What is put around a long line or made of an encoding does not change what is read, only what is signed. */
    private static String recoded(String text) {
        return text.replace("Content-Type: text/plain; charset=utf-8", "Content-Type: text/plain; charset=\"utf-8\"");
    }

    @Test
    void backupThatBreaksSignatures_isFound_untilItDoesNoMore() {
        ok(direct(t -> t));
        ProbeResult result = relayed(RelayFindingsTest::recoded);
        assertThat(found(result)).containsExactly("dkim-broken-by-backup CRITICAL");
        Finding finding = result.findings().get(0);
        assertThat(finding.summary()).contains("another content-type");
        assertThat(finding.subject()).isEqualTo("mx2.example.org");
        ok(relayed(t -> t));
    }

    @Test
    void whatThePrimaryBreaksItself_isNotTheBackupsDoing() {
        ok(direct(RelayFindingsTest::recoded));
        ok(relayed(RelayFindingsTest::recoded));
    }

    @Test
    void withoutACanaryThatCameDirectly_orWithAnOldOne_nothingIsSaid() {
        ok(relayed(RelayFindingsTest::recoded));
        ok(direct(t -> t));
        assertThat(found(relayed(RelayFindingsTest::recoded))).hasSize(1);
        world.clock.advance(Duration.ofDays(2));
        ok(relayed(RelayFindingsTest::recoded));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "dmarc=pass, dmarc=fail (p=REJECT dis=NONE), dmarc-fails-via-backup CRITICAL",
                "dmarc=pass, dmarc=fail (p=NONE), dmarc-fails-via-backup WARNING",
                "dmarc=pass, dmarc=fail reason=x header.from=a (policy=quarantine), dmarc-fails-via-backup CRITICAL",
                "dmarc=pass, dmarc=temperror, -",
                "dmarc=fail (p=REJECT), dmarc=fail (p=REJECT), -",
                "dmarc=pass, dkim=fail, -",
                "spf=pass, spf=fail smtp.mailfrom=a, spf-rejects-backup-forwarding WARNING",
                "spf=pass, spf=softfail, -",
                "spf=none, spf=fail, -"
            })
    void whatThePrimaryThinksOfBoth_isCompared(String ofDirect, String ofRelayed, String finding) {
        ok(direct(with("Authentication-Results: mx1.example.org; " + ofDirect)));
        ProbeResult result = relayed(with("Authentication-Results: mx1.example.org; " + ofRelayed));
        assertThat(found(result)).isEqualTo(finding == null ? List.of() : List.of(finding));
    }

    @Test
    void whatOthersThinkOfOneOnly_isOfNoAccount_andTheTopmostOfOneServerCounts() {
        ok(direct(with("Authentication-Results: mx1.example.org; dmarc=pass")));
        ok(relayed(with(String.join(
                "\r\n",
                "Authentication-Results: mx1.example.org; dmarc=pass",
                "Authentication-Results: filter.example.org; dmarc=fail (p=reject)",
                "Authentication-Results: mx1.example.org; dmarc=fail (p=reject)"))));
    }

    /** What the final server writes down of the newest message that an exchanger took. */
    private static UnaryOperator<String> returnPath(ScriptedServer server) {
        return text -> {
            List<ScriptedServer.Message> all = server.messages();
            String from = all.get(all.size() - 1).mailFrom().replaceFirst("^<([^>]*)>.*$", "$1");
            return "Return-Path: <" + from + ">\r\n" + text;
        };
    }

    @Test
    void backupThatRewritesTheSender_isFound() {
        ok(direct(returnPath(world.mx1)));
        ok(relayed(text -> returnPath(world.mx2).apply(text).replaceFirst("@example.net>", "@EXAMPLE.net>")));
        ProbeResult result = relayed(with("Return-Path: <SRS0=abc=ST=example.net=probe@mx2.example.org>"));
        assertThat(found(result)).containsExactly("backup-rewrites-envelope CRITICAL");
        assertThat(result.findings().get(0).summary()).contains("<SRS0=abc=ST=example.net=probe@mx2.example.org>");
        assertThat(found(relayed(with("Return-Path: <>")))).containsExactly("backup-rewrites-envelope CRITICAL");
    }

    @Test
    void senderThatThePrimaryRewritesItself_isNotTheBackupsDoing() {
        ok(direct(with("Return-Path: <other@example.net>")));
        ok(relayed(with("Return-Path: <other@example.net>")));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Spam-Status: No, score=0.1 required=5.0 | X-Spam-Status: No, score=3.4 required=5.0 | true",
                "X-Spam-Status: No, score=0.1 required=5.0 | X-Spam-Status: No, score=1.0 required=5.0 | false",
                "X-Spam-Status: No, score=3.1 required=5.0 | X-Spam-Status: No, score=0.4 required=5.0 | false",
                "X-Spamd-Result: default: False [-0.10 / 15.00]; X | X-Spamd-Result: default: False [2.40 / 15.00]; X | true",
                "X-Spam-Score: -1.9 | X-Spam-Score: 5.1 (+++++) | true",
                "X-Spam-Status: none | X-Spam-Status: No, score=3.4 required=5.0 | false"
            })
    void backupThatTheFilterDoesNotKnow_isFound(String ofDirect, String ofRelayed, boolean found) {
        ok(direct(with(ofDirect)));
        assertThat(found(relayed(with(ofRelayed))))
                .isEqualTo(found ? List.of("trust-path-missing " + Severity.WARNING) : List.of());
    }

    @Test
    void backupThatLeavesResultsInItsName_isFound_ifItWritesSome() {
        ok(relayed(t -> t));
        ok(relayed(t -> t.replace("Authentication-Results: mx2.example.org; x-understudy=pass\r\n", "")));
        assertThat(found(relayed(with("Authentication-Results: mx2.example.org; spf=pass"))))
                .containsExactly("auth-results-spoofable WARNING");
        ok(relayed(t -> "Authentication-Results: mx2.example.org; spf=pass\r\n"
                + t.replace("Authentication-Results: mx2.example.org; x-understudy=pass\r\n", "")));
    }
}
