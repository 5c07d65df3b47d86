package org.understudy.agent.vantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.agent.SetClock;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class VantagesTest {
    private static final String ID = "vantage/example.org/frankfurt";
    private static final String TOKEN = "a token that nobody guesses";

    private final SetClock clock = new SetClock();
    private final List<ProbeResult> taken = new ArrayList<>();
    private final VantageProbe probe = new VantageProbe(
            new DomainName("example.org"),
            "frankfurt",
            Duration.ofMinutes(5),
            () -> taken.stream().reduce((a, b) -> b),
            clock);
    private final Vantages vantages = new Vantages(taken::add, clock);

    VantagesTest() {
        vantages.add(probe, TOKEN);
    }

    private Vantages.Answer take(String json) {
        return vantages.take(ID, TOKEN, json.getBytes(StandardCharsets.UTF_8));
    }

    private ProbeResult run() {
        return probe.run(Deadline.after(Duration.ofSeconds(1)));
    }

    @Test
    void finding_isTaken_andSaysFromWhere() {
        assertThat(take("{\"findings\": [{\"id\": \"primary-smtp-unreachable\", \"subject\": \"mx1.example.org\","
                        + " \"summary\": \"no answer\", \"evidence\": {\"CONNECT\": \"timed out\"}},"
                        + " {\"id\": \"tls-cert-expired\", \"subject\": \"mx1.example.org\", \"summary\": \"expired\","
                        + " \"severity\": \"info\"}],"
                        + " \"measurements\": {\"connect_seconds\": 30.5}, \"facts\": {\"address\": \"192.0.2.1\"}}"))
                .isEqualTo(Vantages.Answer.TAKEN);
        ProbeResult result = taken.get(0);
        assertThat(result.probeId()).isEqualTo(ID);
        assertThat(result.outcome()).isEqualTo(Outcome.FINDING);
        Finding first = result.findings().get(0);
        assertThat(first.subject()).isEqualTo("mx1.example.org from frankfurt");
        assertThat(first.summary()).isEqualTo("Seen from frankfurt: no answer");
        assertThat(first.severity()).isEqualTo(first.type().severity());
        assertThat(first.evidence()).containsEntry("CONNECT", "timed out");
        assertThat(result.findings().get(1).severity()).isEqualTo(Severity.INFO);
        assertThat(result.measurements()).containsEntry("connect_seconds", 30.5);
        assertThat(result.facts()).containsEntry("address", "192.0.2.1");
    }

    @Test
    void nothingWrong_isOk_andWhatCouldNotBeSeen_isUnknown() {
        take("{}");
        take("{\"unknown\": \"no route\"}");
        assertThat(taken).extracting(ProbeResult::outcome).containsExactly(Outcome.OK, Outcome.UNKNOWN);
        assertThat(taken.get(1).cause()).isEqualTo("frankfurt: no route");
    }

    @ParameterizedTest
    @CsvSource({
        ID + ", ''",
        ID + ", another token",
        "vantage/example.org/paris, " + TOKEN,
        "smtp/example.org/mx1.example.org, " + TOKEN
    })
    void whoeverProvesNothing_isNotHeard(String id, String token) {
        assertThat(vantages.take(id, token, "{".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Vantages.Answer.UNPROVEN);
        assertThat(taken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not the JSON of a result",
                "[] | not the JSON of a result",
                "null | send {} if nothing is wrong",
                "{} {} | not the JSON of a result",
                "{\"finding\": []} | Unknown key \"finding\"",
                "{\"findings\": [{\"subject\": \"x\", \"summary\": \"y\"}]} | no text for id",
                "{\"findings\": [{\"id\": \"mx-odd\", \"subject\": \"x\", \"summary\": \"y\"}]} | no finding \"mx-odd\"",
                "{\"findings\": [{\"id\": \"tls-cert-expired\", \"subject\": \" \", \"summary\": \"y\"}]} | no text for subject",
                "{\"findings\": [null]} | not the JSON of a result",
                "{\"findings\": [{\"id\": \"tls-cert-expired\", \"subject\": \"x\", \"summary\": \"y\", \"severity\": \"bad\"}]} | severity \"bad\"",
                "{\"measurements\": {\"Connect Time\": 1}} | does not name a measurement",
                "{\"measurements\": {\"connect_seconds\": null}} | has no value",
                "{\"facts\": {\"address\": \"\"}} | no text for address",
                "{\"unknown\": \"x\", \"findings\": [{\"id\": \"tls-cert-expired\", \"subject\": \"x\", \"summary\": \"y\"}]} | exclude each other"
            })
    void whatMakesNoSense_isExplained(String json, String words) {
        assertThatThrownBy(() -> take(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
        assertThat(taken).isEmpty();
    }

    @Test
    void tooLongText_isRefused() {
        assertThatThrownBy(() -> take("{\"unknown\": \"" + "x".repeat(4097) + "\"}"))
                .hasMessageContaining("more than 4096 characters");
    }

    @Test
    void silence_isUnknown_afterThreeIntervals_andEndsWithAWord() {
        assertThat(run().outcome()).isEqualTo(Outcome.SKIPPED);
        clock.advance(Duration.ofMinutes(16));
        assertThat(run().cause()).contains("frankfurt has said nothing of example.org", "began to listen");
        take("{}");
        assertThat(run()).isSameAs(taken.get(0));
        clock.advance(Duration.ofMinutes(14));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        clock.advance(Duration.ofMinutes(2));
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(run().cause()).contains("since 2026-01-01T00:16:00Z").doesNotContain("began");
        assertThat(Optional.of(run().findings())).contains(List.of());
    }
}
