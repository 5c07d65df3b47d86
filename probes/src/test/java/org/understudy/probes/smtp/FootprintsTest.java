package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.ProbeLoad;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.ScriptedServer;

/** What is counted of the probes' own doing, at servers that are really asked. */
class FootprintsTest {
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeLoad load(ScriptedServer server) {
        return world.questioner().loads().stream()
                .filter(load -> load.port() == server.port())
                .findFirst()
                .orElseThrow();
    }

    /** Everything that a server can be asked, as often as there is a round of it. */
    private void ask(int rounds) {
        for (int i = 0; i < rounds; i++) {
            ProbeResult seen = run(world.answers(Role.PRIMARY));
            assertThat(seen.transcript()).contains("RCPT TO:<u");
            world.clock.advance(Duration.ofMinutes(15));
        }
    }

    @Test
    void rounds_areCountedForAnHour() {
        ask(3);
        ProbeLoad load = load(world.primary);
        assertThat(load.hosts()).containsExactly("primary.example.org");
        assertThat(load.unknownRecipients()).isEqualTo(3);
        assertThat(load.sessions()).isEqualTo(3);
        // The unknown recipient, the forms of the known one that are none here, EXPN.
        assertThat(load.mostErrors()).isBetween(2, 6);
        assertThat(load.dismissals()).isEmpty();
        assertThat(load.shutOut()).isZero();
        world.clock.advance(Duration.ofHours(2));
        assertThat(load(world.primary))
                .extracting(ProbeLoad::unknownRecipients, ProbeLoad::sessions)
                .containsExactly(0, 0);
    }

    @Test
    void briefSession_asksForNobodyUnknown() {
        ProbeResult first = run(world.reachability(Role.PRIMARY));
        ProbeResult second = run(world.reachability(Role.PRIMARY));
        assertThat(List.of(first.findings(), second.findings()))
                .allSatisfy(f -> assertThat(f).isEmpty());
        assertThat(load(world.primary).sessions()).isEqualTo(2);
        assertThat(load(world.primary).unknownRecipients()).isEqualTo(1);
    }

    @Test
    void refusals_areCounted_whateverTheyAreAbout() {
        world.settings = world.settings.withRelayTest(SmtpWorld.ELSEWHERE);
        spoil(world.primary, "^RCPT TO:<abuse", "550 5.1.1 nobody");
        ask(1);
        assertThat(load(world.primary).mostErrors()).isGreaterThan(9);
    }

    @Test
    void serverThatHangsUp_isQuoted() {
        spoil(world.primary, "^VRFY", "421 4.7.0 Error: too many errors");
        ask(1);
        assertThat(load(world.primary).dismissals()).containsExactly("421 4.7.0 Error: too many errors");
    }

    @Test
    void serverThatGoesDown_isNotTakenForOneThatHadEnough() {
        spoil(world.primary, "^VRFY", "421 4.3.2 shutting down");
        ask(1);
        assertThat(load(world.primary).dismissals()).isEmpty();
    }

    @Test
    void noConnection_countsJustAfterManyRefusalsOnly() {
        world.settings = world.settings.withRelayTest(SmtpWorld.ELSEWHERE);
        ask(1);
        world.primary.pause();
        assertThat(run(world.reachability(Role.PRIMARY)).findings()).isNotEmpty();
        assertThat(load(world.primary).shutOut()).isZero();
        world.primary.resume();
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(run(world.answers(Role.PRIMARY)).transcript()).contains("RCPT TO:<u");
        world.primary.pause();
        assertThat(run(world.reachability(Role.PRIMARY)).findings()).isNotEmpty();
        assertThat(run(world.reachability(Role.PRIMARY)).findings()).isNotEmpty();
        assertThat(load(world.primary).shutOut()).isEqualTo(1);
    }
}
