package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.ids;
import static org.understudy.probes.smtp.SmtpWorld.only;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.Answer;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.TestCertificates;

class SmtpReachabilityProbeTest {
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult reach(Role role) {
        return run(world.reachability(role));
    }

    @Test
    void answers_isOk_withPhasesAndCertificate() {
        world.primary.tls(TestCertificates.valid("primary.example.org"));
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.measurements())
                .containsKeys(
                        "connect_seconds",
                        "greeting_seconds",
                        "ehlo_seconds",
                        "starttls_seconds",
                        "tls_certificate_not_after_timestamp_seconds");
        assertThat(result.facts()).containsKeys("address", "greeting", "extensions", "tls", "certificate");
        assertThat(result.transcript()).contains("C: EHLO agent.test", "C: RCPT TO:<canary@example.org>", "C: QUIT");
    }

    @Test
    void askedAgain_asksOnlyWhetherMailIsTaken_andNothingIsEverSent() {
        reach(Role.PRIMARY);
        world.primary.commands().clear();
        reach(Role.PRIMARY);
        assertThat(world.primary.commands())
                .containsExactly(
                        "EHLO agent.test",
                        "MAIL FROM:<probe@agent.test>",
                        "RCPT TO:<canary@example.org>",
                        "RSET",
                        "QUIT");
        world.clock.advance(Duration.ofMinutes(16));
        reach(Role.PRIMARY);
        assertThat(world.primary.commands()).contains("VRFY canary@example.org").doesNotContain("DATA");
    }

    @Test
    void askedAgain_withTlsThatWorked_makesNoHandshake_andSaysTheSame() {
        world.primary.tls(TestCertificates.valid("primary.example.org"));
        ProbeResult first = reach(Role.PRIMARY);
        world.primary.commands().clear();
        ProbeResult again = reach(Role.PRIMARY);
        assertThat(world.primary.commands())
                .contains("RCPT TO:<canary@example.org>")
                .doesNotContain("STARTTLS");
        assertThat(again.facts()).isEqualTo(first.facts());
        world.clock.advance(Duration.ofMinutes(15));
        reach(Role.PRIMARY);
        assertThat(world.primary.commands()).contains("STARTTLS");
    }

    @Test
    void askedAgain_refusesInTheClear_isAskedWithTlsBeforeItIsJudged() {
        world.primary.tls(TestCertificates.valid("primary.example.org"));
        reach(Role.PRIMARY);
        world.primary.commands().clear();
        AtomicBoolean inClear = new AtomicBoolean(true);
        world.primary.answer(
                "MAIL", n -> inClear.getAndSet(false) ? "530 5.7.0 Must issue a STARTTLS command first" : null);
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(world.primary.commands()).contains("STARTTLS", "RCPT TO:<canary@example.org>");
    }

    @Test
    void handshakeThatFails_isMadeEveryTime_untilItWorks() {
        world.primary.tls(TestCertificates.valid("primary.example.org")).answer("STARTTLS", "454 4.7.0 not now");
        reach(Role.PRIMARY);
        assertThat(ids(reach(Role.PRIMARY))).containsExactly("tls-handshake-fails");
        world.primary.usual("STARTTLS");
        assertThat(ids(reach(Role.PRIMARY))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PRIMARY, primary-smtp-unreachable", "BACKUP, backup-smtp-unreachable"})
    void refused_isUnreachable(Role role, String id) {
        world.server(role).pause();
        ProbeResult result = reach(role);
        assertThat(ids(result)).containsExactly(id);
        assertThat(result.findings().get(0).subject()).isEqualTo(role.word() + ".example.org");
        assertThat(result.findings().get(0).evidence().toString()).contains("refused");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GREETING, 554 5.7.1 no, smtp-greeting-hard-reject, CRITICAL",
        "EHLO, 550 5.7.1 no, smtp-greeting-hard-reject, CRITICAL",
        "GREETING, 421 4.3.2 busy, smtp-service-unavailable-4xx, WARNING"
    })
    void greetedWithRefusal_isFound(String verb, String reply, String id, Severity severity) {
        world.backup.answer(verb, reply);
        ProbeResult result = reach(Role.BACKUP);
        assertThat(ids(result)).containsExactlyInAnyOrder(id, "backup-smtp-unreachable");
        assertThat(only(result, id).severity()).isEqualTo(severity);
    }

    @ParameterizedTest
    @CsvSource({
        "554 5.7.1 Service unavailable; client blocked using zen.spamhaus.example",
        "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation",
        "421 4.7.0 you are on our blacklist"
    })
    void greetedWithRefusalOfOurAddress_isUnknown(String reply) {
        world.primary.answer("GREETING", reply);
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("about where is asked from");
    }

    @Test
    void deferring_isCritical_afterHalfAnHour_orWhenTheOthersAreGone() {
        world.backup.answer("GREETING", "421 4.3.2 busy");
        reach(Role.BACKUP);
        world.clock.advance(Duration.ofMinutes(31));
        assertThat(only(reach(Role.BACKUP), "smtp-service-unavailable-4xx").severity())
                .isEqualTo(Severity.CRITICAL);
        world.primary.answer("GREETING", "421 4.3.2 busy, too");
        assertThat(only(reach(Role.PRIMARY), "smtp-service-unavailable-4xx").severity())
                .isEqualTo(Severity.CRITICAL);
    }

    @Test
    void deferringOnPurpose_isNoFault_whileThePrimaryIsUp() {
        world.intent = new SmtpIntent(Optional.empty(), true, false, false, List.of(SmtpWorld.CANARY));
        world.backup.answer("GREETING", "421 4.3.2 the primary is up, go there");
        assertThat(reach(Role.BACKUP).outcome())
                .as("before the primary was asked")
                .isEqualTo(Outcome.OK);
        reach(Role.PRIMARY);
        ProbeResult result = reach(Role.BACKUP);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts()).containsKey("puts mail off on purpose");
        world.primary.pause();
        reach(Role.PRIMARY);
        assertThat(ids(reach(Role.BACKUP))).contains("smtp-service-unavailable-4xx", "backup-smtp-unreachable");
    }

    @Test
    void oneAddressOfTwoDead_isPartial() {
        world.addresses.put(SmtpWorld.host(Role.PRIMARY), List.of(SmtpWorld.loopback(1), SmtpWorld.loopback(77)));
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(ids(result)).containsExactly("mx-address-partially-unreachable");
        assertThat(result.findings().get(0).subject()).contains("127.0.0.77");
    }

    @ParameterizedTest
    @CsvSource({"expired, tls-cert-expired", "expiring, tls-cert-expiring"})
    void certificate_isLookedAt(String which, String id) {
        world.primary.tls(
                which.equals("expired")
                        ? TestCertificates.expired("primary.example.org")
                        : TestCertificates.expiring("primary.example.org", 5));
        assertThat(ids(reach(Role.PRIMARY))).containsExactly(id);
    }

    @Test
    void startTlsRefused_isFound_butTheHostAnswers() {
        world.primary.tls(TestCertificates.valid("primary.example.org")).answer("STARTTLS", "454 4.7.0 not now");
        assertThat(ids(reach(Role.PRIMARY))).containsExactly("tls-handshake-fails");
    }

    @Test
    void addressesNotKnown_isUnknown() {
        world.lookup = host -> {
            throw new IOException("SERVFAIL");
        };
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("SERVFAIL");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "^RCPT, 550 5.1.1 nobody here",
        "^RCPT, 451 4.3.0 database is gone",
        "^RCPT, 421 4.3.2 shutting down",
        "^MAIL, 451 4.3.5 configuration error",
        "^MAIL, 550 5.3.2 not now"
    })
    void primaryThatTakesNoMail_isHalfUp(String command, String reply) {
        spoil(world.primary, command, reply);
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(ids(result)).containsExactly("primary-half-up");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.CRITICAL);
        assertThat(result.findings().get(0).evidence().toString()).contains(reply);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "^RCPT TO:<canary, 550 5.1.1 moved",
        "^RCPT TO:<canary, 452 4.2.2 mailbox full",
        "^RCPT, 450 4.2.0 Greylisted: try again in 5 minutes",
        "^RCPT, 451 4.7.1 come back later",
        "^RCPT, 450 4.3.2 Service currently unavailable",
        "^MAIL, 450 4.7.1 greylisting in action"
    })
    void primaryThatRefusesOne_orPutsStrangersOff_isNotHalfUp(String command, String reply) {
        spoil(world.primary, command, reply);
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void puttingOff_isHalfUp_ifMailWasTakenBefore_orAfterGreylistingWouldHaveEnded() {
        String later = "451 4.7.1 come back later";
        spoil(world.primary, "^RCPT", later);
        assertThat(ids(reach(Role.PRIMARY))).isEmpty();
        world.clock.advance(Duration.ofMinutes(16));
        assertThat(ids(reach(Role.PRIMARY))).containsExactly("primary-half-up");
        SmtpWorld.inOrder(world.primary);
        assertThat(ids(reach(Role.PRIMARY))).isEmpty();
        spoil(world.primary, "^RCPT", later);
        assertThat(ids(reach(Role.PRIMARY))).containsExactly("primary-half-up");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "^MAIL FROM:<probe@, 550 5.1.8 no such sender domain",
        "^MAIL FROM:<probe@, 450 4.1.8 sender domain not found"
    })
    void senderOfTheProbeRefused_isAFact_andNothingIsWrong(String command, String reply) {
        spoil(world.primary, command, reply);
        for (int round = 0; round < 2; round++) {
            ProbeResult result = reach(Role.PRIMARY);
            assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
            assertThat(result.facts().get("does not take the sender of the probe"))
                    .contains(reply, "probes.sessions.sender");
        }
    }

    @Test
    void senderOfTheProbeRefused_onlyWithARecipient_isTheSame() {
        world.primary.answer(
                "RCPT", n -> senderRefused() ? "550 5.7.1 <probe@agent.test>: Sender address rejected" : null);
        for (int round = 0; round < 2; round++) {
            ProbeResult result = reach(Role.PRIMARY);
            assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
            assertThat(result.facts()).containsKey("does not take the sender of the probe");
        }
    }

    /** Whether the transaction that is open now is that of the probe's sender. */
    private boolean senderRefused() {
        return world.primary.commands().stream()
                .filter(c -> c.startsWith("MAIL"))
                .reduce((first, last) -> last)
                .filter(c -> c.contains("probe@"))
                .isPresent();
    }

    @Test
    void backupThatPutsEverybodyOff_isFoundAfterHalfAnHour_unlessMeant() {
        spoil(world.backup, "^RCPT", "451 4.7.1 not while the primary is up");
        assertThat(ids(reach(Role.BACKUP))).isEmpty();
        world.clock.advance(Duration.ofMinutes(31));
        assertThat(ids(reach(Role.BACKUP))).containsExactly("smtp-service-unavailable-4xx");
        try (SmtpWorld meant = new SmtpWorld()) {
            meant.intent = new SmtpIntent(Optional.empty(), true, false, false, List.of(SmtpWorld.CANARY));
            spoil(meant.backup, "^RCPT", "451 4.7.1 not while the primary is up");
            run(meant.reachability(Role.PRIMARY));
            run(meant.reachability(Role.BACKUP));
            meant.clock.advance(Duration.ofMinutes(31));
            assertThat(ids(run(meant.reachability(Role.BACKUP)))).isEmpty();
        }
    }

    @Test
    void upAndDownAgain_isFlapping_inSoManyTurns() {
        for (int turn = 0; turn < 3; turn++) {
            spoil(world.primary, "^RCPT", turn % 2 == 0 ? "451 4.3.0 gone" : "250 2.1.5 Ok");
            reach(Role.PRIMARY);
            world.clock.advance(Duration.ofMinutes(2));
        }
        SmtpWorld.inOrder(world.primary);
        assertThat(ids(reach(Role.PRIMARY))).isEmpty();
        spoil(world.primary, "^RCPT", "451 4.3.0 gone");
        assertThat(ids(reach(Role.PRIMARY))).containsExactlyInAnyOrder("primary-half-up", "primary-flapping");
        SmtpWorld.inOrder(world.primary);
        world.clock.advance(Duration.ofMinutes(31));
        assertThat(ids(reach(Role.PRIMARY))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GREETING, 220 ********************************", "EHLO, 250-mx.test\\n250-SIZE 100\\n250 XXXXXXXA"})
    void maskedWords_areFound(String verb, String reply) {
        world.primary.answer(verb, reply.replace("\\n", "\n"));
        assertThat(ids(reach(Role.PRIMARY))).containsExactly("smtp-middlebox-interference");
    }

    @Test
    void slowReply_isFound_asBadAsItIs() {
        world.settings = SmtpProbeSettings.of(SmtpWorld.client(Duration.ofSeconds(20)), world.settings.sender());
        world.primary.on("EHLO", Answer.slowly(Duration.ofMillis(5_200), "250 mx.test"));
        ProbeResult result = reach(Role.PRIMARY);
        assertThat(ids(result)).containsExactly("smtp-slow");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.INFO);
        assertThat(result.findings().get(0).evidence()).containsKey("EHLO");
    }

    @Test
    void firstExchangerDeadForAWeek_whileAnotherAnswers_isTakenForMeant() {
        ScriptedServer second = SmtpWorld.inOrder(ScriptedServer.startAt(SmtpWorld.loopback(3), 0));
        try (second) {
            DomainName name = new DomainName("mx2.example.org");
            world.addresses.put(name, List.of(SmtpWorld.loopback(3)));
            Exchanger other = new Exchanger(name, Role.PRIMARY, second.port());
            world.tiers.add(1, List.of(other));
            world.primary.pause();
            run(new SmtpReachabilityProbe(world.hosts(), other, world.history, world.clock));
            assertThat(ids(reach(Role.PRIMARY))).containsExactly("primary-smtp-unreachable");
            world.clock.advance(Duration.ofDays(8));
            run(new SmtpReachabilityProbe(world.hosts(), other, world.history, world.clock));
            assertThat(ids(reach(Role.PRIMARY)))
                    .containsExactlyInAnyOrder("primary-smtp-unreachable", "nolisting-or-tarpit-mx");
        }
    }
}
