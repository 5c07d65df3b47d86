package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.Answer;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;

/** Probes that have questions to one host at the same time, and no more time than each other. */
class HostInterviewsTest {
    private static final Duration TIME = Duration.ofSeconds(3);

    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private Probe probe(String name) {
        return switch (name) {
            case "answers" -> world.answers(Role.BACKUP);
            case "line ends" -> world.lineEnds(Role.BACKUP);
            default -> world.parity();
        };
    }

    /** Has one probe begin with a server that says nothing, and then the one that must find out that it does not answer. */
    private ProbeResult reachabilityBehind(String name, Duration time) {
        world.settings = SmtpProbeSettings.of(
                SmtpWorld.client(Duration.ofSeconds(60)), ReversePath.of(new Mailbox("probe", "agent.test")));
        Probe first = probe(name);
        // That one server answers shows that it is not us.
        SmtpWorld.run(world.reachability(Role.PRIMARY));
        world.backup.on("GREETING", Answer.silence());
        Probe reachability = world.reachability(Role.BACKUP);
        Deadline deadline = Deadline.after(TIME);
        CompletableFuture<ProbeResult> begun = CompletableFuture.supplyAsync(() -> first.run(deadline));
        await().until(() -> world.backup.connections() == 1);
        ProbeResult result = reachability.run(Deadline.after(time));
        assertThat(begun.join().findings()).isEmpty();
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"answers", "line ends", "parity"})
    void serverThatSaysNothing_isFound_byWhoHadToWaitForOthers(String first) {
        ProbeResult result = reachabilityBehind(first, TIME);
        assertThat(result.findings())
                .as(result.toString())
                .extracting(f -> f.type().id())
                .containsExactly("backup-smtp-unreachable");
        assertThat(world.backup.connections()).isEqualTo(1);
    }

    @Test
    void roundOfOthersThatTakesAllTheTime_isNoReasonToThinkIllOfTheServer() {
        ProbeResult result = reachabilityBehind("answers", Duration.ofSeconds(1));
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).isEqualTo("questions to backup.example.org were under way all the time");
    }
}
