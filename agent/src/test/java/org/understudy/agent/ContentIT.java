package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.search.HeaderTerm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of content from a running agent, through the lab's primary and the bundled spool. */
class ContentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PROBE = "content/lab.test/samples";

    @TempDir
    Path directory;

    private static int samplesInTheMailbox(AgentProcess agent) throws MessagingException {
        Store store = Session.getInstance(new Properties()).getStore("imap");
        try {
            store.connect("127.0.0.1", agent.port(2143), "canary", "canary");
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            return inbox.search(new HeaderTerm("X-Understudy-Sample", "v1")).length;
        } finally {
            store.close();
        }
    }

    private static JsonNode result(AgentProcess agent) {
        return agent.get("/api/v1/domains/lab.test").path("probes").path(PROBE);
    }

    private static long sent(AgentProcess agent) {
        return result(agent)
                .path("transcript")
                .asText()
                .lines()
                .filter(line -> line.contains("C: MAIL FROM"))
                .count();
    }

    @Test
    void samples_areComparedOnce_andLeaveNothingBehind() throws IOException {
        try (AgentProcess agent = new AgentProcess(directory)) {
            String text = Files.readString(agent.configuration());
            Files.writeString(
                    agent.configuration(), text.replace("      # contentSamples: true", "      contentSamples: true"));
            agent.start();
            await().atMost(PATIENCE).until(() -> !result(agent).path("outcome").isMissingNode());
            assertThat(result(agent).path("outcome").asText())
                    .as(result(agent).toString())
                    .isEqualTo("OK");
            assertThat(result(agent).path("facts").path("gtube, mx2.lab.test").asText())
                    .contains("250")
                    .contains("→ 250");
            assertThat(sent(agent)).isEqualTo(18);
            await().atMost(PATIENCE).until(() -> samplesInTheMailbox(agent) == 0);
            await().atMost(PATIENCE)
                    .until(() -> agent.get("/api/v1/domains/lab.test")
                                    .path("held")
                                    .path("queued")
                                    .asLong(-1)
                            == 0);

            String before = result(agent).path("started").asText();
            assertThat(agent.terminate()).isEqualTo(143);
            agent.start();
            await().atMost(PATIENCE)
                    .until(() -> !result(agent).path("started").asText(before).equals(before));
            assertThat(result(agent).path("outcome").asText()).isEqualTo("OK");
            assertThat(sent(agent)).isZero();
        }
    }
}
