package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.ids;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpIntent;

class LineEndProbeTest {
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void serverThatReadsContentAsItShould_isSilent_andHasNoMessage() {
        ProbeResult result = run(world.lineEnds(Role.BACKUP));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(world.backup.messages()).isEmpty();
    }

    @Test
    void serverThatFindsAnEnd_isFound() {
        world.backup.lenient();
        ProbeResult result = run(world.lineEnds(Role.BACKUP));
        assertThat(ids(result)).containsExactly("bare-lf-accepted");
        assertThat(result.findings().get(0).evidence().toString()).contains("queued as");
    }

    @Test
    void serverThatRefusesSuchContent_isSilent() {
        world.backup.lenient().answer("DOT", "550 5.6.0 bare LF received");
        assertThat(run(world.lineEnds(Role.BACKUP)).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void serverThatTakesNoMessage_isUnknown() {
        spoil(world.backup, "^RCPT", "450 4.2.0 greylisted");
        assertThat(run(world.lineEnds(Role.BACKUP)).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void withoutARecipient_orAServer_isSkipped() {
        world.intent = SmtpIntent.STANDARD;
        assertThat(run(world.lineEnds(Role.PRIMARY)).outcome()).isEqualTo(Outcome.SKIPPED);
        try (SmtpWorld silent = new SmtpWorld()) {
            silent.primary.pause();
            assertThat(run(silent.lineEnds(Role.PRIMARY)).outcome()).isEqualTo(Outcome.SKIPPED);
        }
    }
}
