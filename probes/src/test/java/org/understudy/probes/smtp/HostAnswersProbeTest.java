package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.ids;
import static org.understudy.probes.smtp.SmtpWorld.only;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;
import org.understudy.smtp.TestCertificates;

class HostAnswersProbeTest {
    private static final String MANY = "PIPELINING|SIZE 100000000|8BITMIME|DSN|";
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult ask(Role role) {
        return run(world.answers(role));
    }

    private void everythingAsked() {
        world.settings = world.settings.withRelayTest(SmtpWorld.ELSEWHERE).withIntrusion(true, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"PRIMARY", "BACKUP"})
    void exchangerInOrder_isSilent(Role role) {
        everythingAsked();
        world.server(role).offers(MANY.concat("LIMITS RCPTMAX=1000").split("\\|"));
        ProbeResult result = ask(role);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(world.server(role).commands()).doesNotContain("DATA").contains("QUIT");
        assertThat(world.server(role).connections()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "BACKUP, ^RCPT TO:<relay@elsewhere, 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "PRIMARY, ^RCPT TO:<relay@elsewhere, 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "BACKUP, ^RCPT TO:<@example.org:relay@elsewhere, 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "BACKUP, ^RCPT TO:<relay%elsewhere, 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "BACKUP, ^RCPT TO:<elsewhere.test!relay, 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "BACKUP, '^RCPT TO:<\"relay@elsewhere', 250 2.1.5 Ok, backup-open-relay, CRITICAL",
        "BACKUP, '^RCPT TO:<(canary|postmaster@)', 554 5.7.1 Relay access denied, backup-refuses-domain, CRITICAL",
        "BACKUP, '^RCPT TO:<(canary|postmaster@)', 550 5.1.1 no such user, backup-refuses-domain, CRITICAL",
        "BACKUP, ^MAIL FROM:<>, 550 5.7.1 no bounces, null-sender-rejected, CRITICAL",
        "PRIMARY, ^MAIL FROM:<>, 550 5.7.1 no bounces, null-sender-rejected, CRITICAL",
        "PRIMARY, ^MAIL FROM:<>, 450 4.3.0 later, null-sender-rejected, WARNING",
        "PRIMARY, ^RCPT TO:<postmaster@, 550 5.1.1 no such user, postmaster-rejected, WARNING",
        "BACKUP, ^RCPT TO:<postmaster>, 550 5.1.1 no such user, postmaster-rejected, INFO",
        "BACKUP, ^RCPT TO:<abuse@, 550 5.1.1 no such user, postmaster-rejected, INFO",
        "PRIMARY, ^VRFY canary, 250 2.1.5 <canary@example.org>, vrfy-expn-etrn-open, INFO",
        "PRIMARY, ^EXPN, 250 2.1.5 <jo@example.org>, vrfy-expn-etrn-open, INFO"
    })
    void answerOutOfOrder_isFound(Role role, String command, String reply, String id, Severity severity) {
        everythingAsked();
        spoil(world.server(role), command, reply);
        if (command.contains("VRFY")) {
            world.server(role).asUsual().whenever(command, reply).whenever("^VRFY", "550 5.1.1 no such user");
        }
        ProbeResult result = ask(role);
        assertThat(ids(result)).contains(id);
        assertThat(only(result, id).severity()).isEqualTo(severity);
        assertThat(only(result, id).evidence().toString()).contains(reply);
        assertThat(only(result, id).subject()).isEqualTo(role.word() + ".example.org");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "^MAIL FROM:<>, 450 4.7.1 greylisted",
        "^RCPT TO:<postmaster, 450 4.2.0 greylisted",
        "^RCPT TO:<abuse, 451 4.3.0 later",
        "^EXPN, 252 2.0.0 perhaps",
        "^ETRN, 459 4.0.0 not you"
    })
    void answerThatDecidesNothing_isSilent(String command, String reply) {
        world.backup.offers((MANY + "ETRN").split("\\|"));
        spoil(world.backup, command, reply);
        ProbeResult result = ask(Role.BACKUP);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void hiddenRelayForms_areNoProof_whereAnyLocalPartIsTaken() {
        everythingAsked();
        world.primary.asUsual().whenever("^RCPT TO:.*elsewhere.test>", "554 5.7.1 Relay access denied");
        assertThat(ids(ask(Role.PRIMARY))).isEmpty();
    }

    @Test
    void senderOfTheProbeRefused_isNotRefusalOfTheDomain() {
        world.backup.answer("RCPT", n -> {
            String mail = world.backup.commands().stream()
                    .filter(c -> c.startsWith("MAIL"))
                    .reduce((first, last) -> last)
                    .orElse("");
            return mail.contains("probe@") ? "554 5.7.1 <probe@agent.test>: Sender address rejected" : null;
        });
        ProbeResult result = ask(Role.BACKUP);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.transcript()).contains("RCPT TO:<abuse@example.org>");
    }

    @Test
    void relaying_isNotAskedFor_withoutAnAddressOfOurs() {
        ask(Role.BACKUP);
        assertThat(world.backup.commands()).noneMatch(c -> c.contains("elsewhere"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "BACKUP, AUTH PLAIN LOGIN, backup-offers-auth-or-submission",
        "BACKUP, XCLIENT NAME ADDR, vrfy-expn-etrn-open",
        "BACKUP, LIMITS RCPTMAX=50, recipient-limit-too-low",
        "PRIMARY, LIMITS RCPTMAX=99, recipient-limit-too-low",
        "PRIMARY, AUTH PLAIN LOGIN,",
        "PRIMARY, XCLIENT NAME ADDR,",
        "PRIMARY, LIMITS MAILMAX=5,",
        "BACKUP, LIMITS RCPTMAX=100,"
    })
    void offer_isJudgedByRole(Role role, String keyword, String id) {
        world.server(role).offers((MANY + keyword).split("\\|"));
        assertThat(ids(ask(role))).isEqualTo(id == null ? List.of() : List.of(id));
    }

    @Test
    void authUnderTls_isFound_unlessSubmissionIsMeant() {
        world.backup.tls(TestCertificates.valid("backup.example.org")).offers((MANY + "AUTH PLAIN").split("\\|"));
        assertThat(only(ask(Role.BACKUP), "backup-offers-auth-or-submission")
                        .evidence()
                        .keySet()
                        .toString())
                .contains("in the clear", "under TLS");
        try (SmtpWorld meant = new SmtpWorld()) {
            meant.intent = new SmtpIntent(Optional.empty(), false, false, true, List.of(SmtpWorld.CANARY));
            meant.backup.offers((MANY + "AUTH PLAIN").split("\\|"));
            assertThat(ids(run(meant.answers(Role.BACKUP)))).isEmpty();
        }
    }

    @Test
    void etrnObeyed_isFound() {
        world.backup.offers((MANY + "ETRN").split("\\|"));
        spoil(world.backup, "^ETRN example.org", "250 2.0.0 queuing started");
        assertThat(ids(ask(Role.BACKUP))).containsExactly("vrfy-expn-etrn-open");
    }

    @ParameterizedTest
    @CsvSource({"false, callout-unreliable", "true,", ","})
    void primaryThatTakesAnybody_isFound_onlyIfDeclaredNotTo(Boolean declared, String id) {
        world.intent = new SmtpIntent(Optional.ofNullable(declared), false, false, false, List.of(SmtpWorld.CANARY));
        spoil(world.primary, "^RCPT TO:<u", "250 2.1.5 Ok");
        assertThat(ids(ask(Role.PRIMARY))).isEqualTo(id == null ? List.of() : List.of(id));
    }

    @Test
    void refusalOfOurAddress_isUnknown_notRefusalOfTheDomain() {
        spoil(world.backup, "^RCPT", "554 5.7.1 Client host blocked using dnsbl.example");
        ProbeResult result = ask(Role.BACKUP);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void recipientsRefused_onlyWhileThePrimaryIsDown_isACheckThatFailsHard() {
        HostAnswersProbe probe = world.answers(Role.BACKUP);
        assertThat(ids(run(probe))).isEmpty();
        world.primary.pause();
        run(world.reachability(Role.PRIMARY));
        spoil(world.backup, "^RCPT TO:<canary", "550 5.1.1 user unknown in lookup");
        assertThat(ids(run(probe))).containsExactly("recipient-check-fails-hard");
        spoil(world.backup, "^RCPT TO:<canary", "451 4.3.0 lookup failed");
        assertThat(ids(run(probe))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, recipient-check-fails-open", "true,"})
    void anybodyTaken_onlyWhileThePrimaryIsDown_isACheckThatFailsOpen(boolean held, String id) {
        world.intent = new SmtpIntent(Optional.empty(), false, held, false, List.of(SmtpWorld.CANARY));
        HostAnswersProbe probe = world.answers(Role.BACKUP);
        run(world.reachability(Role.PRIMARY));
        assertThat(ids(run(probe))).isEmpty();
        world.primary.pause();
        run(world.reachability(Role.PRIMARY));
        spoil(world.backup, "^RCPT TO:<u", "250 2.1.5 Ok");
        assertThat(ids(run(probe))).isEqualTo(id == null ? List.of() : List.of(id));
    }

    @Test
    void anybodyTakenAtAnyTime_isNoCheckThatFailsOpen() {
        HostAnswersProbe probe = world.answers(Role.BACKUP);
        run(world.reachability(Role.PRIMARY));
        spoil(world.backup, "^RCPT TO:<u", "250 2.1.5 Ok");
        run(probe);
        world.primary.pause();
        run(world.reachability(Role.PRIMARY));
        assertThat(ids(run(probe))).isEmpty();
    }

    @Test
    void silentExchanger_isSkipped() {
        world.backup.pause();
        assertThat(ask(Role.BACKUP).outcome()).isEqualTo(Outcome.SKIPPED);
    }

    @Test
    void silentExchanger_isNotTriedAgainAtOnce() {
        world.backup.answer("GREETING", "421 4.3.2 busy");
        run(world.reachability(Role.BACKUP));
        assertThat(ask(Role.BACKUP).outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(run(world.parity()).outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(world.backup.connections()).isEqualTo(1);
        world.clock.advance(Duration.ofMinutes(1));
        ask(Role.BACKUP);
        assertThat(world.backup.connections()).isEqualTo(2);
    }

    @Test
    void serverThatHasEnough_isJudgedByWhatItSaid() {
        everythingAsked();
        world.backup.asUsual().whenever("^VRFY", "421 4.7.0 too many questions");
        ProbeResult result = ask(Role.BACKUP);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts().keySet().toString()).contains("was not asked everything");
    }

    @Test
    void eachRunJudgesAnotherRound_andSharesItWithOthers() {
        HostAnswersProbe probe = world.answers(Role.PRIMARY);
        run(world.reachability(Role.PRIMARY));
        assertThat(world.primary.connections()).isEqualTo(1);
        run(probe);
        assertThat(world.primary.connections()).isEqualTo(1);
        run(probe);
        assertThat(world.primary.connections()).isEqualTo(2);
        run(world.parity());
        assertThat(world.primary.connections()).isEqualTo(2);
        assertThat(world.backup.connections()).isEqualTo(1);
    }
}
