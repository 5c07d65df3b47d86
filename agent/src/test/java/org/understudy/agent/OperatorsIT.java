package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.SmtpSession;

/** What an operator does with {@code understudy spool} while the agent runs. */
class OperatorsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MESSAGES = 500;

    private final Path directory;
    private final AgentProcess agent;
    private final MailLoad load;

    OperatorsIT(@TempDir Path directory) {
        this.directory = directory;
        agent = new AgentProcess(directory);
        load = new MailLoad(agent.port(2525));
    }

    @BeforeEach
    void start() {
        agent.start();
    }

    @AfterEach
    void end() {
        agent.close();
    }

    private record Outcome(int code, String text, String errors) {
        /** All that a person sees. */
        String seen() {
            return text + errors;
        }
    }

    private Outcome spool(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("spool"));
        words.addAll(List.of(arguments));
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        Process process = new ProcessBuilder(AgentProcess.command(words.toArray(String[]::new)))
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), text, Files.readString(errors));
    }

    private String done(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = spool(arguments);
        assertThat(outcome.code()).as(outcome.seen()).isZero();
        return outcome.text();
    }

    private void within(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }

    private JsonNode spoolStatus() {
        return agent.get("/api/v1/status").path("spool");
    }

    private long count(String state) {
        JsonNode counts = spoolStatus().path("counts");
        return counts.path(state).asLong();
    }

    private void send(int first, int messages) {
        try (SmtpSession session = load.open().orElseThrow()) {
            for (int number = first; number < first + messages; number++) {
                assertThat(load.send(session, number)).isTrue();
            }
        }
    }

    private Map<String, Integer> arrived() {
        Map<String, Integer> arrived = new HashMap<>();
        String after = "";
        for (JsonNode page = page(after); !page.path("messages").isEmpty(); page = page(after)) {
            page.path("messages")
                    .forEach(m -> arrived.merge(m.path("sha256BelowTrace").asText(), 1, Integer::sum));
            after = page.path("next").asText();
        }
        return arrived;
    }

    private JsonNode page(String after) {
        return agent.get("/lab/primary/messages?limit=1000&after=" + after);
    }

    private void assertAllArrivedOnce() {
        Map<String, Integer> arrived = arrived();
        assertThat(load.acknowledged().keySet())
                .allSatisfy(sent -> assertThat(arrived).containsEntry(sent, 1));
    }

    private boolean slackHas(String... words) {
        for (JsonNode message : agent.get("/lab/slack/messages")) {
            String text = message.toString();
            if (List.of(words).stream().allMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void plannedMaintenance_mailIsHeld_thenAllIsDelivered_andTheAuditLogSaysWhoAndWhy() throws Exception {
        done("freeze", "lab.test", "--reason", "new disks");
        send(2000, MESSAGES);
        assertThat(count("queued")).isGreaterThanOrEqualTo(MESSAGES);
        assertThat(arrived().keySet())
                .doesNotContainAnyElementsOf(load.acknowledged().keySet());
        assertThat(done("list", "--limit", "3")).contains("@lab.test>  queued", "messages: 3, and there are more");
        JsonNode ages = JSON.readTree(done("ages", "--format", "json"));
        assertThat(ages.at("/domains/0/domain").asText()).isEqualTo("lab.test");
        assertThat(ages.at("/domains/0/classes/0").asLong()).isGreaterThanOrEqualTo(MESSAGES);
        assertThat(agent.get("/api/v1/domains/lab.test").toString()).contains("new disks");

        done("thaw", "lab.test");
        within("everything is delivered", () -> count("queued") == 0);
        assertAllArrivedOnce();
        assertThat(count("forwarded")).isGreaterThanOrEqualTo(MESSAGES);
        JsonNode entries = JSON.readTree(done("audit", "--format", "json")).path("entries");
        assertThat(entries)
                .extracting(e -> e.path("action").asText() + " "
                        + e.path("subject").asText() + " " + e.path("result").asText())
                .containsExactly(
                        "freeze lab.test ordered",
                        "freeze lab.test done",
                        "thaw lab.test ordered",
                        "thaw lab.test done");
        assertThat(entries.get(0).path("actor").asText()).isNotBlank();
        assertThat(entries.get(0).path("reason").asText()).isEqualTo("new disks");
        assertThat(agent.get("/lab/slack/messages").toString()).doesNotContain("queue-");
    }

    @Test
    void primaryReturnsAndKnowsNobody_nothingIsBounced_laneStops_peopleAreTold_thawDelivers() throws Exception {
        agent.post("/lab/primary/stop");
        within(
                "the lane is down",
                () -> spoolStatus().at("/lanes/0/state").asText().equals("DOWN"));
        send(3000, 50);
        agent.post("/lab/primary/refuse");
        agent.post("/lab/primary/start");
        within(
                "the lane is frozen",
                () -> spoolStatus().at("/lanes/0/state").asText().equals("FROZEN"));
        JsonNode messages = agent.get("/api/v1/spool/messages?limit=1000").path("messages");
        // An attempt that met the primary while it was being stopped is none of its refusals.
        List<String> refusals = new ArrayList<>();
        messages.forEach(m -> refusals.add(m.at("/units/0/lastReply").asText()));
        refusals.removeIf(reply -> !reply.contains("5.1.1 No such mailbox here"));
        assertThat(refusals).as(messages::toPrettyString).hasSizeBetween(1, 3);
        within("people are told", () -> slackHas("CRITICAL", "refuses", "5.1.1 No such mailbox here"));

        agent.post("/lab/primary/take");
        String lane = "127.0.0.1:" + agent.port(2526);
        done("thaw", lane, "--reason", "user table is back");
        within(
                "the lane goes on",
                () -> spoolStatus().at("/lanes/0/state").asText().equals("UP"));
        done("retry", "--all");
        within("everything is delivered", () -> count("queued") == 0);
        assertAllArrivedOnce();
        assertThat(count("quarantined")).isZero();
        assertThat(count("returned")).isZero();
        within("people are told that it is over", () -> slackHas("RESOLVED", "refuses"));
    }

    @Test
    void ordersToMessages_doWhatTheySay_andMistakesAreExplained() throws Exception {
        done("freeze", "lab.test");
        send(4000, 4);
        JsonNode list = JSON.readTree(done("list", "--recipient", "user4@lab.test", "--format", "json"));
        String id = list.at("/messages/0/id").asText();
        assertThat(done("hold", id, "--reason", "looks odd")).contains("hold: messages 1, recipients 1");
        assertThat(done("show", id)).contains("held by ", "looks odd", "Received: from ", "Subject: message ");
        assertThat(done("list", "--state", "held")).contains(id, "messages: 1");
        assertThat(done("release", id)).contains("release: messages 1, recipients 1");
        assertThat(spool("discard", id).seen()).contains("reason");
        assertThat(done("discard", id, "--reason", "spam")).contains("discard: messages 1");
        assertThat(count("discarded")).isEqualTo(1);
        Outcome gone = spool("show", id);
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.seen())
                .isEqualTo("The message " + id + " is not in the spool data/spool, or was settled by now.\n");
        assertThat(spool("retry", id).code()).isEqualTo(1);
        assertThat(spool("retry").seen()).isEqualTo("Say which messages: by id, by a filter, or all.\n");
        assertThat(spool("freeze", "example.com").seen()).contains("The spool takes no mail for example.com");
        assertThat(spool("list", "--state", "forwarded").seen())
                .contains("state: \"forwarded\" is none; there are queued, quarantined, held, expired.");
        agent.terminate();
        assertThat(spool("retry", "--all").seen()).contains("The agent does not answer at http://127.0.0.1:");
    }
}
