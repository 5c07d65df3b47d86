package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.HostHistory;
import org.understudy.probes.MailDomain;
import org.understudy.probes.MovableClock;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.Answer;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;

/** Many domains with one server: never more sessions at a time than are allowed. */
class SessionGateTest {
    private static final int DOMAINS = 20;
    private final MovableClock clock = new MovableClock();

    private List<SmtpReachabilityProbe> probes(ScriptedServer server) {
        SmtpProbeSettings settings = SmtpProbeSettings.of(SmtpWorld.client(Duration.ofSeconds(10)), ReversePath.NULL);
        SmtpQuestioner questioner = new SmtpQuestioner(settings, host -> List.of(SmtpWorld.loopback(1)), clock);
        Exchanger shared = new Exchanger(new DomainName("mx.example.net"), Role.PRIMARY, server.port());
        List<SmtpReachabilityProbe> probes = new ArrayList<>();
        for (int i = 0; i < DOMAINS; i++) {
            MailDomain domain = new MailDomain(
                    new DomainName("d" + i + ".example.org"), List.of(List.of(shared)), DeclaredIntent.STANDARD);
            probes.add(new SmtpReachabilityProbe(questioner.hosts(domain), shared, HostHistory.inMemory(), clock));
        }
        return probes;
    }

    @Test
    void sessionsWithOneServer_areLimited_andAllComeToTheirTurn() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(DOMAINS);
        try (ScriptedServer server = ScriptedServer.startAt(SmtpWorld.loopback(1), 0)) {
            server.on("GREETING", connection -> {
                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                Answer.slowly(Duration.ofMillis(20), "220 mx.test ESMTP").give(connection);
            });
            server.on("QUIT", connection -> {
                open.decrementAndGet();
                Answer.reply("221 2.0.0 bye").give(connection);
            });
            List<Future<ProbeResult>> results = new ArrayList<>();
            for (SmtpReachabilityProbe probe : probes(server)) {
                results.add(threads.submit(() -> probe.run(Deadline.after(Duration.ofSeconds(20)))));
            }
            for (Future<ProbeResult> result : results) {
                assertThat(result.get().outcome()).as(result.get().toString()).isEqualTo(Outcome.OK);
            }
            assertThat(server.connections()).isEqualTo(DOMAINS);
            assertThat(most).hasValueLessThanOrEqualTo(2).hasPositiveValue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void probeThatKnowsItsServer_seesThatOthersHaveAllSessions() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ScriptedServer server = ScriptedServer.startAt(SmtpWorld.loopback(1), 0)) {
            List<SmtpReachabilityProbe> probes = probes(server);
            SmtpReachabilityProbe waiting = probes.get(2);
            waiting.run(Deadline.after(Duration.ofSeconds(20)));
            assertThat(waiting.hasToWait()).isFalse();
            server.on("GREETING", Answer.silence());
            for (SmtpReachabilityProbe probe : probes.subList(0, 2)) {
                threads.execute(() -> probe.run(Deadline.after(Duration.ofSeconds(2))));
            }
            Awaitility.await().until(waiting::hasToWait);
            Awaitility.await().until(() -> !waiting.hasToWait());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void serverThatIsTakenAllTheTime_isUnknown() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ScriptedServer server = ScriptedServer.startAt(SmtpWorld.loopback(1), 0)) {
            server.on("GREETING", Answer.silence());
            List<SmtpReachabilityProbe> probes = probes(server);
            for (SmtpReachabilityProbe probe : probes.subList(0, 2)) {
                threads.execute(() -> probe.run(Deadline.after(Duration.ofSeconds(5))));
            }
            Awaitility.await().until(() -> server.connections() == 2);
            assertThat(probes.get(0).hasToWait())
                    .as("its own round is under way")
                    .isTrue();
            ProbeResult late = probes.get(2).run(Deadline.after(Duration.ofMillis(300)));
            assertThat(late.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(late.cause()).contains("the 2 sessions that are allowed");
            assertThat(server.connections()).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }
}
