package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.DomainName;

/** What is a policy, and what is none, by RFC 8461 section 3.2. */
class StsPolicyTest {
    private static final String GOOD = "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmax_age: 604800\n";

    private static String with(String from, String to) {
        return GOOD.replace(from, to);
    }

    static Stream<String> valid() {
        return Stream.of(
                GOOD,
                GOOD.replace("\n", "\r\n"),
                GOOD.stripTrailing(),
                GOOD.replace(": ", ":"),
                GOOD.replace(": ", ": \t "),
                GOOD.replace("\n", " \t\r\n"),
                GOOD + "\r\n",
                "max_age: 604800\nmx: mx1.example.org\nmode: enforce\nversion: STSv1\n",
                with("enforce", "testing"),
                with("604800", "0"),
                with("604800", "31557600"),
                with("604800", "0000604800"),
                // Unknown keys are passed over, and of a repeated one the first counts.
                GOOD + "stsv2_extension: anything at all: yes\n",
                GOOD + "mode: nonsense\n",
                GOOD + "max_age: nonsense\n",
                GOOD + "version: STSv2\n",
                GOOD + "mx: *.example.net\n",
                GOOD + "mx: mx1.example.org\n",
                with("mx1.example.org", "MX1.Example.ORG"),
                "version: STSv1\nmode: none\nmax_age: 86400\n");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void valid_hasNoObjection(String text) {
        StsPolicy.Parsed parsed = StsPolicy.parse(text);
        assertThat(parsed.objections()).isEmpty();
        assertThat(parsed.policy()).isPresent();
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("", "has no version"),
                Arguments.of(with("version: STSv1\n", ""), "has no version"),
                Arguments.of(with("STSv1", "STSv2"), "has the version \"STSv2\""),
                Arguments.of(with("STSv1", "stsv1"), "has the version \"stsv1\""),
                Arguments.of(with("mode: enforce\n", ""), "has no mode"),
                Arguments.of(with("enforce", "report"), "has the mode \"report\""),
                Arguments.of(with("enforce", "Enforce"), "has the mode \"Enforce\""),
                Arguments.of(with("max_age: 604800\n", ""), "has no max_age"),
                Arguments.of(with("604800", "1d"), "has the max_age \"1d\""),
                Arguments.of(with("604800", "-1"), "has the max_age \"-1\""),
                Arguments.of(with("604800", "604800.0"), "has the max_age \"604800.0\""),
                Arguments.of(with("604800", "99999999999"), "has the max_age \"99999999999\""),
                Arguments.of(with("604800", "31557601"), "more than a year"),
                Arguments.of(with("mx: mx1.example.org\n", ""), "has no mx"),
                Arguments.of(with("mx: mx1.example.org\n", "").replace("enforce", "testing"), "has no mx"),
                Arguments.of(with("mx1.example.org", "mx1.*.example.org"), "has the mx \"mx1.*.example.org\""),
                Arguments.of(with("mx1.example.org", "*"), "has the mx \"*\""),
                Arguments.of(with("mx1.example.org", ".example.org"), "has the mx \".example.org\""),
                Arguments.of(with("mx1.example.org", "mx1.example.org."), "has the mx"),
                Arguments.of(with("mx1.example.org", "mx1.ex\u00e4mple.org"), "has the mx"),
                Arguments.of(with("mx1.example.org", "mx1.example.org, mx2.example.org"), "has the mx"),
                Arguments.of(with("mode:", "mode :"), "in line 2 something that is no field"),
                Arguments.of(with("mode: enforce", "<html>"), "in line 2 something that is no field"),
                Arguments.of(GOOD.replace("\n", "; "), "has the version"));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalid_hasAnObjection(String text, String objection) {
        assertThat(StsPolicy.parse(text).objections())
                .anySatisfy(o -> assertThat(o).contains(objection));
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "mx1.example.org, mx1.example.org, true",
        "MX1.Example.ORG, mx1.example.org, true",
        "mx1.example.org, mx2.example.org, false",
        "example.org, mx1.example.org, false",
        "*.example.org, mx1.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, a.mx1.example.org, false",
        "*.example.org, mx1.example.net, false",
        "*.example.org, mx1.anexample.org, false",
        "*.mx.example.org, a.mx.example.org, true",
        "xn--mx-xka.example.org, xn--mx-xka.example.org, true"
    })
    void pattern_matchesOneLabel(String pattern, String host, boolean expected) {
        assertThat(MxPattern.parse(pattern).orElseThrow().matches(new DomainName(host)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*.", "*.*.example.org", "a b.example.org", "*example.org", "mx1..example.org", "-a.org"})
    void pattern_thatIsNone_isNotRead(String text) {
        assertThat(MxPattern.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void meaning_isReadBack(String text) {
        StsPolicy policy = StsPolicy.parse(text).policy().orElseThrow();
        StsPolicy again = StsPolicy.ofMeaning(policy.meaning()).orElseThrow();
        assertThat(again.meaning()).isEqualTo(policy.meaning());
        assertThat(again.mode()).isEqualTo(policy.mode());
    }
}
