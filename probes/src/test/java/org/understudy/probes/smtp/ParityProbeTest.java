package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.ids;
import static org.understudy.probes.smtp.SmtpWorld.only;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.TestCertificates;

class ParityProbeTest {
    private static final Mailbox USER = new Mailbox("jo", "example.org");
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult compare() {
        return run(world.parity());
    }

    @Test
    void backupLikeItsPrimary_isSilent_andTheComparisonIsShown() {
        world.settings = world.settings.withIntrusion(true, false);
        ProbeResult result = compare();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts())
                .containsKeys(
                        "SIZE",
                        "8BITMIME",
                        "DSN",
                        "AUTH",
                        "known canary@example.org",
                        "unknown",
                        "null sender canary@example.org");
        assertThat(result.facts().get("SIZE"))
                .contains("primary.example.org[127.0.0.1]", "100000000", "backup.example.org[127.0.0.2]");
        assertThat(result.facts().get("unknown")).contains("550");
    }

    @ParameterizedTest(name = "{0} / {1}")
    @CsvSource({
        "SIZE 50000000, SIZE 10240000, size-limit-mismatch, CRITICAL",
        "SIZE 10240000, SIZE 50000000, size-limit-mismatch, WARNING",
        "SIZE 10240000, SIZE 10240000,,",
        "SIZE 10240000, 8BITMIME, 8bitmime-mismatch, WARNING",
        "8BITMIME, PIPELINING, 8bitmime-mismatch, WARNING",
        "SMTPUTF8, PIPELINING, smtputf8-mismatch, INFO",
        "PIPELINING, SMTPUTF8, smtputf8-mismatch, WARNING",
        "SMTPUTF8, SMTPUTF8,,",
        "PIPELINING, BINARYMIME, chunking-binarymime-mismatch, WARNING",
        "BINARYMIME, CHUNKING,,",
        "PIPELINING, CHUNKING,,",
        "DSN, PIPELINING, dsn-extension-mismatch, INFO",
        "PIPELINING, DSN, dsn-extension-mismatch, INFO",
        "REQUIRETLS, PIPELINING, requiretls-mismatch, INFO",
        "PIPELINING, REQUIRETLS, requiretls-mismatch, INFO",
        "REQUIRETLS, REQUIRETLS,,"
    })
    void offers_areCompared(String primary, String backup, String id, Severity severity) {
        world.primary.offers(primary);
        world.backup.offers(backup);
        ProbeResult result = compare();
        if (id == null) {
            assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        } else {
            assertThat(ids(result)).containsExactly(id);
            assertThat(only(result, id).severity()).isEqualTo(severity);
            assertThat(only(result, id).evidence()).hasSize(2);
        }
    }

    @Test
    void internationalizedAddresses_matterMore_whereNothingIsKnownOfRecipients() {
        world.intent = SmtpIntent.STANDARD;
        world.primary.offers("SMTPUTF8");
        world.backup.offers("PIPELINING");
        assertThat(only(compare(), "smtputf8-mismatch").severity()).isEqualTo(Severity.WARNING);
    }

    @ParameterizedTest(name = "{0}, refused from {1}")
    @CsvSource({
        "SIZE 0, 50000000, 10000000, size-limit-mismatch",
        "SIZE, 150000000, 10000000, size-limit-mismatch",
        "SIZE 0, 35000000, 30000000,",
        "SIZE 0, 10000000, 100000000, size-limit-mismatch"
    })
    void sizeThatIsNotAnnounced_isAskedFor(String keyword, long refusedFrom, long backupLimit, String id) {
        world.primary.offers(keyword);
        for (long size : List.of(10_000_000L, 25_000_000L, 35_000_000L, 50_000_000L, 100_000_000L, 150_000_000L)) {
            if (size >= refusedFrom) {
                world.primary.whenever("^MAIL FROM:<> SIZE=" + size + "$", "552 5.3.4 too big");
            }
        }
        world.backup.offers("SIZE " + backupLimit);
        assertThat(ids(compare())).isEqualTo(id == null ? List.of() : List.of(id));
        assertThat(world.primary.commands().stream().filter(c -> c.contains("SIZE=")))
                .hasSizeBetween(2, 3);
    }

    @ParameterizedTest(name = "{0}: {1} / {2}")
    @CsvSource({
        "^RCPT TO:<u, 550 5.1.1 no, 250 2.1.5 Ok, backup-accepts-unknown-recipients, CRITICAL",
        "^RCPT TO:<u, 250 2.1.5 Ok, 250 2.1.5 Ok,,",
        "^RCPT TO:<u, 450 4.1.1 perhaps, 250 2.1.5 Ok,,",
        "^RCPT TO:<u, 550 5.1.1 no, 450 4.1.1 perhaps,,",
        "^RCPT TO:<jo, 250 2.1.5 Ok, 550 5.1.1 no, backup-rejects-valid-recipients, CRITICAL",
        "^RCPT TO:<jo, 250 2.1.5 Ok, 450 4.2.0 greylisted,,",
        "'(?i)^RCPT TO:<\"?canary', 250 2.1.5 Ok, 550 5.1.1 no, backup-rejects-valid-recipients, CRITICAL",
        "'(?i)^RCPT TO:<\"?canary', 550 5.1.1 gone, 250 2.1.5 Ok,,",
        "^RCPT TO:<jo, 550 5.1.1 gone, 550 5.1.1 gone,,",
        "^RCPT TO:<jo, 250 2.1.5 Ok, 554 5.7.1 blocked using dnsbl.example,,",
        "^RCPT TO:<canary\\+, 250 2.1.5 Ok, 550 5.1.1 no, address-semantics-mismatch, WARNING",
        "^RCPT TO:<canary\\+, 550 5.1.1 no, 250 2.1.5 Ok, address-semantics-mismatch, WARNING",
        "^RCPT TO:<CANARY@, 250 2.1.5 Ok, 550 5.1.1 no, address-semantics-mismatch, WARNING",
        "'^RCPT TO:<\"canary', 250 2.1.5 Ok, 550 5.1.1 no, address-semantics-mismatch, WARNING",
        "^RCPT TO:<canary\\+, 550 5.1.1 no, 550 5.1.1 no,,",
        "^EHLO mail$, 250 mx.test, 550 5.7.1 not fully qualified, helo-policy-mismatch, WARNING",
        "^EHLO mail$, 550 5.7.1 no, 550 5.7.1 no,,"
    })
    void answers_areCompared(String command, String primary, String backup, String id, Severity severity) {
        world.intent = SmtpIntent.STANDARD.withValidRecipients(List.of(SmtpWorld.CANARY, USER));
        world.settings = world.settings.withIntrusion(true, false);
        spoil(world.primary, command, primary);
        spoil(world.backup, command, backup);
        ProbeResult result = compare();
        if (id == null) {
            assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        } else {
            assertThat(ids(result)).containsExactly(id);
            assertThat(only(result, id).severity()).isEqualTo(severity);
            assertThat(only(result, id).evidence().toString()).contains(backup);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", ", true"})
    void anybodyTaken_isNoFault_whereMeant(Boolean catchAll, boolean held) {
        world.intent = new SmtpIntent(Optional.ofNullable(catchAll), false, held, false, List.of(SmtpWorld.CANARY));
        spoil(world.backup, "^RCPT TO:<u", "250 2.1.5 Ok");
        assertThat(ids(compare())).isEmpty();
    }

    @Test
    void backupThatRefusesEverybody_isToldOfAsSuch() {
        spoil(world.backup, "^RCPT", "554 5.7.1 Relay access denied");
        assertThat(ids(compare())).isEmpty();
        assertThat(ids(run(world.answers(Role.BACKUP)))).contains("backup-refuses-domain");
    }

    @Test
    void oneMachineWithTwoAddresses_isFoundByItsWords() {
        world.primary.tls(TestCertificates.valid("mx.example.org"));
        world.backup.tls(TestCertificates.valid("mx.example.org"));
        ProbeResult result = compare();
        assertThat(ids(result)).containsExactly("shared-fate-same-host");
        assertThat(result.findings().get(0).evidence()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"220 other.test ESMTP, mx.example.org", "220 mx.test ESMTP scripted, other.example.org"})
    void oneNameOrOneKeyAlone_isNoSharedMachine(String greeting, String certificate) {
        world.primary.tls(TestCertificates.valid("mx.example.org"));
        world.backup.tls(TestCertificates.valid(certificate)).answer("GREETING", greeting);
        assertThat(ids(compare())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PRIMARY", "BACKUP"})
    void oneSideSilent_isSkipped(Role role) {
        world.server(role).pause();
        ProbeResult result = compare();
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.cause()).contains(role.word() + ".example.org does not answer");
    }
}
