package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlackSinkTest {

    @TempDir
    private Path directory;

    @Test
    void call_isRecordedAndAnsweredAsSlackDoes() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            HttpResponse<String> answer = LabWorld.call(lab, "/services/T0/B0/x", "{\"text\":\"down\"}");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(lab.slack().newest()).singleElement().satisfies(call -> {
                assertThat(call.path()).isEqualTo("/services/T0/B0/x");
                assertThat(call.status()).isEqualTo(200);
                assertThat(call.payload().get("text").asText()).isEqualTo("down");
            });
        }
    }

    @Test
    void call_whileBroken_isAnsweredAsTold() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            lab.answerSlack(SlackAnswer.RATE_LIMITED);
            HttpResponse<String> limited = LabWorld.call(lab, "/", "{}");
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After")).contains("2");

            lab.answerSlack(SlackAnswer.FAILING);
            assertThat(LabWorld.call(lab, "/", "{}").statusCode()).isEqualTo(500);

            lab.answerSlack(SlackAnswer.OTHER_BODY);
            HttpResponse<String> other = LabWorld.call(lab, "/", "no json");
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(other.body()).isNotEqualTo("ok");

            assertThat(lab.slack().newest())
                    .extracting(SlackSink.SlackCall::status)
                    .containsExactly(429, 500, 200);
            assertThat(lab.slack().newest().get(2).payload().asText()).isEqualTo("no json");
        }
    }

    @Test
    void restart_keepsCallsAndDropsALineThatWasCutOff() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.call(lab, "/", "{\"n\":1}");
        }
        byte[] half = {'{', '"', 'n', 'u', (byte) 0xE2, (byte) 0x9C};
        Files.write(directory.resolve("slack.jsonl"), half, StandardOpenOption.APPEND);
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.call(lab, "/", "{\"n\":2}");
        }
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(lab.slack().newest())
                    .extracting(call -> call.number() + ":" + call.payload().get("n"))
                    .containsExactly("1:1", "2:2");
        }
    }
}
