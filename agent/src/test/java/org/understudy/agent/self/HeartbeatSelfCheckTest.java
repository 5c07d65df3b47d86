package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.understudy.agent.SetClock;
import org.understudy.probes.Finding;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** The switch is fed as long as the agent does all of its work, and that it is not is found. */
class HeartbeatSelfCheckTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final SetClock clock = new SetClock();
    private final AtomicInteger beats = new AtomicInteger();
    private final AtomicInteger answer = new AtomicInteger(200);
    private Optional<String> unfit = Optional.empty();
    private HttpServer service;
    private SelfProbe probe;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/ping/secret", exchange -> {
            beats.incrementAndGet();
            exchange.sendResponseHeaders(answer.get(), -1);
            exchange.close();
        });
        service.start();
        URI url = URI.create("http://127.0.0.1:" + service.getAddress().getPort() + "/ping/secret");
        probe = new SelfProbe(
                new DomainName("agent.test"),
                List.of(new HeartbeatSelfCheck(url, INTERVAL, () -> unfit, clock)),
                clock);
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    private List<Finding> look(int times) {
        ProbeResult result = probe.run(Deadline.after(Duration.ofSeconds(20)));
        for (int i = 1; i < times; i++) {
            clock.advance(Duration.ofSeconds(30));
            result = probe.run(Deadline.after(Duration.ofSeconds(20)));
        }
        assertThat(result.toString()).doesNotContain("secret");
        return result.findings();
    }

    @Test
    void agentThatWorks_feedsTheSwitch_onceAnInterval() {
        assertThat(look(9)).isEmpty();
        assertThat(beats).hasValue(5);
    }

    @Test
    void serviceThatRefuses_isFound_afterThreeIntervals() {
        assertThat(look(1)).isEmpty();
        answer.set(404);
        assertThat(look(7)).isEmpty();
        List<Finding> findings = look(2);
        assertThat(findings).extracting(f -> f.type().id()).containsExactly("agent-heartbeat-missing");
        assertThat(findings.get(0).summary()).contains("127.0.0.1", "HTTP 404");
        answer.set(200);
        assertThat(look(1)).isEmpty();
    }

    @Test
    void serviceThatIsGone_isFound() {
        service.stop(0);
        assertThat(look(8).get(0).summary()).contains("cannot be reached");
    }

    @Test
    void agentThatDoesNotDoItsWork_keepsSilent() {
        unfit = Optional.of("the probe smtp/example.org/mx1 is overdue");
        List<Finding> findings = look(8);
        assertThat(beats).hasValue(0);
        assertThat(findings.get(0).summary()).contains("smtp/example.org/mx1 is overdue");
    }
}
