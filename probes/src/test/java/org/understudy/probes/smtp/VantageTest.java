package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.ids;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.ControlHost;
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

/** Whose fault silence is. */
class VantageTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private final MovableClock clock = new MovableClock();
    private final List<ScriptedServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(ScriptedServer::close);
    }

    private ScriptedServer server() {
        ScriptedServer server = ScriptedServer.startAt(SmtpWorld.loopback(1), 0);
        servers.add(server);
        return server;
    }

    private static ProbeResult run(SmtpReachabilityProbe probe) {
        return probe.run(Deadline.after(Duration.ofSeconds(10)));
    }

    private SmtpReachabilityProbe probe(SmtpQuestioner questioner, String domain, String host, ScriptedServer server) {
        Exchanger exchanger = new Exchanger(new DomainName(host), Role.PRIMARY, server.port());
        MailDomain declared =
                new MailDomain(new DomainName(domain), List.of(List.of(exchanger)), DeclaredIntent.STANDARD);
        return new SmtpReachabilityProbe(questioner.hosts(declared), exchanger, HostHistory.inMemory(), clock);
    }

    private SmtpQuestioner questioner(List<ControlHost> controls) {
        SmtpProbeSettings settings = SmtpProbeSettings.of(SmtpWorld.client(SHORT), ReversePath.NULL);
        return new SmtpQuestioner(settings.withControls(controls), host -> List.of(SmtpWorld.loopback(1)), clock);
    }

    @ParameterizedTest
    @CsvSource({"true, FINDING", "false, UNKNOWN"})
    void silentServer_isAtFault_ifAControlAnswers(boolean controlAnswers, Outcome outcome) {
        ScriptedServer control = server();
        ScriptedServer silent = server();
        silent.pause();
        if (!controlAnswers) {
            control.pause();
        }
        SmtpQuestioner questioner =
                questioner(List.of(new ControlHost(new DomainName("mx.example.net"), control.port())));
        ProbeResult result = run(probe(questioner, "example.org", "mx.example.org", silent));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(outcome);
        assertThat(control.commands()).noneMatch(c -> c.startsWith("MAIL"));
    }

    @Test
    void controls_areLeftAlone_whileOthersAnswer() {
        ScriptedServer control = server();
        ScriptedServer silent = server();
        silent.pause();
        SmtpQuestioner questioner =
                questioner(List.of(new ControlHost(new DomainName("mx.example.net"), control.port())));
        run(probe(questioner, "example.com", "mx.example.com", server()));
        assertThat(ids(run(probe(questioner, "example.org", "mx.example.org", silent))))
                .containsExactly("primary-smtp-unreachable");
        assertThat(control.connections()).isZero();
    }

    @Test
    void serverThatTimesOut_isAtFault_onlyIfAnyHasEverAnswered() {
        ScriptedServer silent = server().on("GREETING", Answer.silence());
        SmtpQuestioner questioner = questioner(List.of());
        SmtpReachabilityProbe probe = probe(questioner, "example.org", "mx.example.org", silent);
        ProbeResult first = run(probe);
        assertThat(first.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(first.cause()).contains("controlHosts");
        silent.usual("GREETING");
        assertThat(run(probe).outcome()).isEqualTo(Outcome.OK);
        silent.on("GREETING", Answer.silence());
        assertThat(ids(run(probe))).containsExactly("primary-smtp-unreachable");
    }

    @Test
    void allServersOfSeveralDomains_silentAtOnce_areOurFault() {
        SmtpQuestioner questioner = questioner(List.of());
        List<ScriptedServer> all = List.of(server(), server(), server());
        List<SmtpReachabilityProbe> probes = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            probes.add(probe(questioner, "d" + i + ".test", "mx" + i + ".test", all.get(i)));
        }
        probes.forEach(p -> assertThat(run(p).outcome()).isEqualTo(Outcome.OK));
        all.forEach(ScriptedServer::pause);
        assertThat(run(probes.get(0)).outcome()).isEqualTo(Outcome.FINDING);
        probes.forEach(VantageTest::run);
        ProbeResult result = run(probes.get(0));
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("all 3 mail servers of 3 domains");
    }
}
