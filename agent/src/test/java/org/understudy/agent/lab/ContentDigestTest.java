package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDigestTest {

    @ParameterizedTest(name = "\"{0}\"")
    @CsvSource({
        "'Received: a|received: b;~ c|Subject: x||Received: y|', 'Subject: x||Received: y|'",
        "'Return-Path: <>|Received: a|From: x|', 'From: x|'",
        "'From: x|Received: a|', 'From: x|Received: a|'",
        "' odd|Received: a|', ' odd|Received: a|'",
        "'Received: a||body|', '|body|'",
        "'Received: a|no end of line', 'no end of line'",
        "'Received: only', ''",
        "'', ''"
    })
    void belowTrace_isWhatTheSenderSent(String content, String expected) {
        String whole = lines(content);
        for (int chunk : new int[] {1, 3, 1000}) {
            ContentDigest digest = new ContentDigest();
            byte[] octets = whole.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < octets.length; i += chunk) {
                digest.update(octets, i, Math.min(chunk, octets.length - i));
            }
            assertThat(digest.belowTrace()).isEqualTo(LabWorld.sha256(lines(expected)));
            assertThat(digest.whole()).isEqualTo(LabWorld.sha256(whole));
            assertThat(digest.size()).isEqualTo(octets.length);
        }
    }

    private static String lines(String text) {
        return text.replace("|", "\r\n").replace('~', '\t');
    }
}
