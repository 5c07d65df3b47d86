package org.understudy.alerts.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Severity;
import org.understudy.alerts.TestClock;
import org.understudy.alerts.TestSignals;
import org.understudy.alerts.message.Message;
import org.understudy.alerts.message.MessageComposer;

class SlackPayloadTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Run with {@code -Dgolden.update} to write the files anew, then read what changed. */
    @ParameterizedTest
    @CsvSource({"FIRST, 0, CRITICAL, trigger", "RESOLVED, 1, WARNING, resolved", "RESOLVED, 0, CRITICAL, brief"})
    void payload_isAsItWas(NotifyReason reason, int sequence, Severity severity, String name) throws IOException {
        String payload = SlackPayload.of(MessageComposer.compose(TestSignals.notification(reason, sequence, severity)));
        String actual = JSON.writeValueAsString(JSON.readTree(payload)) + "\n";
        String file = name + ".json";
        if (System.getProperty("golden.update") != null) {
            Files.writeString(
                    Path.of("src/test/resources/org/understudy/alerts/slack", file), actual, StandardCharsets.UTF_8);
        }
        assertThat(actual).isEqualTo(golden(file));
    }

    private static String golden(String file) throws IOException {
        try (InputStream stream = SlackPayloadTest.class.getResourceAsStream(file)) {
            assertThat(stream).as(file).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode blocks(Message message) throws JsonProcessingException {
        return JSON.readTree(SlackPayload.of(message))
                .path("attachments")
                .path(0)
                .path("blocks");
    }

    private static Message message(String text, Map<String, String> evidence, Optional<URI> link) {
        return new Message(
                text,
                text,
                text,
                Severity.INFO,
                false,
                TestClock.START,
                Optional.empty(),
                "1m",
                text,
                text,
                evidence,
                link,
                text);
    }

    @Test
    void payload_ofHugeText_keepsSlacksLimits() throws JsonProcessingException {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            evidence.put("label " + i, "&".repeat(5000));
        }
        JsonNode blocks = blocks(
                message("<é😀".repeat(5000), evidence, Optional.of(URI.create("https://a/" + "b".repeat(3000)))));

        assertThat(blocks.findValuesAsText("type")).doesNotContain("actions");
        for (JsonNode block : blocks) {
            int limit = block.path("type").asText().equals("header") ? 150 : 3000;
            assertThat(block.path("text").path("text").asText().length()).isLessThanOrEqualTo(limit);
            for (JsonNode field : block.path("fields")) {
                assertThat(field.path("text").asText().length()).isLessThanOrEqualTo(2000);
            }
        }
        assertThat(blocks.toString()).contains("+17 more").contains("…");
        assertThat(blocks.path(0).path("text").path("text").asText())
                .endsWith("…")
                .startsWith("&lt;é😀");
    }

    @Test
    void text_fromARemoteServer_wakesNobodyAndFormatsNothing() throws JsonProcessingException {
        String hostile = "550 <!channel> @here @Channel & `rm` <https://evil|click>";

        String text = blocks(message(hostile, Map.of("Reply", hostile), Optional.empty()))
                .toString();

        assertThat(text).doesNotContain("<!channel>").doesNotContain("@here").doesNotContain("@Channel");
        assertThat(text).contains("&lt;!channel&gt;").contains("'rm'").doesNotContain("<https");
    }

    @Test
    void escape_atTheLimit_cutsNoEntityInTwo() {
        assertThat(SlackText.escape("ab&cd", 9)).isEqualTo("ab&amp;cd");
        assertThat(SlackText.escape("ab&cde", 9)).isEqualTo("ab&amp;c…");
        assertThat(SlackText.escape("ab&cd", 6)).isEqualTo("ab…");
        assertThat(SlackText.escape("ab😀", 3)).isEqualTo("ab…");
    }
}
