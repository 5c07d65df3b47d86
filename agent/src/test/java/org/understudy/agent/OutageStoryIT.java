package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.SmtpSession;

/** One outage from start to finish, told by the packaged program. */
class OutageStoryIT {
    private static final String DOMAIN = "/api/v1/domains/lab.test";
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final AgentProcess agent;
    private final MailLoad load;
    private final StringBuilder times = new StringBuilder();

    OutageStoryIT(@TempDir Path directory) {
        agent = new AgentProcess(directory);
        load = new MailLoad(agent.port(2525));
    }

    @BeforeEach
    void start() {
        agent.start();
        times.append("Java ").append(agent.javaVersion()).append('\n');
        within("PROTECTED after the start", () -> agent.verdict().equals("PROTECTED"));
    }

    @AfterEach
    void end() {
        agent.close();
    }

    private void within(String what, Callable<Boolean> condition) {
        long begun = System.nanoTime();
        try {
            await().atMost(MINUTE).pollInterval(Duration.ofMillis(200)).until(condition);
        } catch (RuntimeException e) {
            throw new AssertionError(what + " did not happen; status: " + agent.get("/api/v1/status"), e);
        }
        times.append(String.format(java.util.Locale.ROOT, "%-46s %6.1f s%n", what, (System.nanoTime() - begun) / 1e9));
    }

    private boolean slackHas(String... words) {
        return contains(agent.get("/lab/slack/messages"), words);
    }

    private boolean mailHas(String... words) {
        return contains(agent.get("/lab/mail/messages"), words);
    }

    private static boolean contains(JsonNode messages, String... words) {
        for (JsonNode message : messages) {
            String text = message.toString();
            if (List.of(words).stream().allMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    private long queued() {
        return agent.get("/api/v1/status").at("/spool/counts/queued").asLong();
    }

    @Test
    void primaryDies_mailIsKept_peopleAreTold_mailArrivesOnce_peopleAreTold() throws InterruptedException {
        assertThat(agent.status("/health/domains/lab.test")).isEqualTo(200);
        assertEvidenceOfBothPaths();
        assertAnswersInOrder();

        agent.post("/lab/primary/stop");
        within("detection: verdict FAILOVER", () -> agent.verdict().equals("FAILOVER"));
        within("alert: firing at Slack", () -> slackHas("CRITICAL", "primary", "mx1.lab.test"));
        within("alert: firing by mail", () -> mailHas("CRITICAL", "mx1.lab.test"));
        assertThat(agent.status("/health/domains/lab.test")).isEqualTo(503);

        sendTwoHundred();
        killWhileMoreArrive();
        agent.start();
        within("FAILOVER again after kill -9", () -> agent.verdict().equals("FAILOVER"));
        sendWhatWasCutOff();
        long held = queued();
        assertThat(held).isGreaterThanOrEqualTo(load.acknowledged().size());

        agent.post("/lab/primary/start");
        within("first forward", () -> queued() < held);
        within("drained", () -> queued() == 0);
        assertEverythingArrived();

        within("resolve at Slack", () -> slackHas("RESOLVED", "mx1.lab.test"));
        within("resolve by mail", () -> mailHas("RESOLVED", "mx1.lab.test"));
        within("PROTECTED again", () -> agent.verdict().equals("PROTECTED"));
        assertThat(agent.terminate()).isEqualTo(143);
        print();
    }

    @Test
    void preferencesInverted_isFound_alerted_andResolved() {
        agent.post("/lab/dns/invert");
        within("inverted preferences: verdict EXPOSED", () -> agent.verdict().equals("EXPOSED"));
        JsonNode findings = agent.get(DOMAIN).at("/probes/dns~1lab.test~1mx/findings");
        assertThat(findings.toString())
                .contains("mx-backup-preferred-over-primary", "IN MX 10 mx2.lab.test.", "IN MX 20 mx1.lab.test.");
        within("inverted preferences: alert at Slack", () -> slackHas("CRITICAL", "mx2.lab.test"));
        within("inverted preferences: alert by mail", () -> mailHas("CRITICAL", "mx2.lab.test"));
        agent.post("/lab/dns/restore");
        within("restored preferences: resolve at Slack", () -> slackHas("RESOLVED", "mx2.lab.test"));
        within("restored preferences: resolve by mail", () -> mailHas("RESOLVED", "mx2.lab.test"));
        within("restored preferences: PROTECTED", () -> agent.verdict().equals("PROTECTED"));
        print();
    }

    private void assertEvidenceOfBothPaths() {
        for (JsonNode exchanger : agent.get(DOMAIN).path("exchangers")) {
            JsonNode canary = exchanger.path("confirmedCanary");
            assertThat(canary.path("pathProven").asBoolean())
                    .as(exchanger.toString())
                    .isTrue();
            boolean backup = exchanger.path("role").asText().equals("BACKUP");
            assertThat(canary.path("hops").toString())
                    .isEqualTo(backup ? "[\"mx2.lab.test\",\"mx1.lab.test\"]" : "[\"mx1.lab.test\"]");
        }
    }

    private void assertAnswersInOrder() {
        String backup = "/probes/answers~1lab.test~1mx2.lab.test/outcome";
        String comparison = "/probes/parity~1lab.test~1mx2.lab.test/outcome";
        within(
                "answers compared",
                () -> !agent.get(DOMAIN).at(comparison).asText().isEmpty());
        assertThat(agent.get(DOMAIN).at(backup).asText()).isEqualTo("OK");
        assertThat(agent.get(DOMAIN).at(comparison).asText()).isEqualTo("OK");
        assertThat(agent.text(agent.uri("/domains/lab.test"))).contains("mx2.lab.test beside the primary", "SIZE");
    }

    private void sendTwoHundred() {
        try (SmtpSession session = load.open().orElseThrow()) {
            for (int number = 0; number < 200; number++) {
                assertThat(load.send(session, number)).as("message " + number).isTrue();
            }
        }
    }

    private void killWhileMoreArrive() throws InterruptedException {
        AtomicInteger next = new AtomicInteger(1000);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread sender = new Thread(() -> {
                Optional<SmtpSession> session = load.open();
                while (session.isPresent() && load.send(session.get(), next.getAndIncrement())) {
                    // Until the connection is cut.
                }
            });
            senders.add(sender);
            sender.start();
        }
        int before = load.acknowledged().size();
        await().atMost(MINUTE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> load.acknowledged().size() > before + 300);
        agent.kill();
        for (Thread sender : senders) {
            sender.join();
        }
        times.append("kill -9 with ").append(load.acknowledged().size()).append(" acknowledged, ");
        times.append(load.cutOff().size()).append(" cut off\n");
    }

    private void sendWhatWasCutOff() {
        List<Integer> again = List.copyOf(load.cutOff());
        assertThat(again).isNotEmpty();
        try (SmtpSession session = load.open().orElseThrow()) {
            again.forEach(number -> assertThat(load.send(session, number)).isTrue());
        }
    }

    private void assertEverythingArrived() {
        Map<String, Integer> arrived = new HashMap<>();
        String after = "";
        while (true) {
            JsonNode page = agent.get("/lab/primary/messages?limit=1000&after=" + after);
            if (page.path("messages").isEmpty()) {
                break;
            }
            for (JsonNode message : page.path("messages")) {
                arrived.merge(message.path("sha256BelowTrace").asText(), 1, Integer::sum);
            }
            after = page.path("next").asText();
        }
        int twice = 0;
        for (Map.Entry<String, Integer> sent : load.acknowledged().entrySet()) {
            int times = arrived.getOrDefault(sent.getKey(), 0);
            boolean wasCutOff = load.cutOff().contains(sent.getValue());
            assertThat(times).as("message " + sent.getValue()).isBetween(1, wasCutOff ? 2 : 1);
            twice += times == 2 ? 1 : 0;
        }
        times.append(load.acknowledged().size()).append(" acknowledged, all arrived octet for octet; ");
        times.append(twice).append(" twice, each cut off by the kill\n");
    }

    private void print() {
        System.out.println("\nOutage story\n" + times);
    }
}
