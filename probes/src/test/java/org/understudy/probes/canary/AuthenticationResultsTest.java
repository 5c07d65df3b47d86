package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.canary.AuthenticationResults.Result;

class AuthenticationResultsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            mx1.example.org; dmarc=fail (p=REJECT sp=REJECT dis=NONE) header.from=example.net | mx1.example.org | [dmarc=fail]
            MX1.example.org 1; spf=pass smtp.mailfrom=example.net; dkim=pass header.i=@example.net | mx1.example.org | [spf=pass, dkim=pass]
            mx.example.org; none | mx.example.org | []
            mx.example.org | mx.example.org | []
            mx.example.org (a; comment; spf=pass); spf=fail | mx.example.org | [spf=fail]
            mx.example.org; dkim=fail reason="bad; signature (spf=pass"; spf=softfail | mx.example.org | [dkim=fail, spf=softfail]
            mx.example.org; dkim (one (two)) = (three) PASS; x | mx.example.org | [dkim=pass]
            mx.example.org; dkim/1 = pass; | mx.example.org | [dkim=pass]
            "mx.example.org"; arc=none | mx.example.org | [arc=none]
            """)
    void field_isRead(String value, String server, String results) {
        AuthenticationResults field = AuthenticationResults.parse(value).orElseThrow();
        assertThat(field.server()).isEqualTo(server);
        assertThat(field.results().stream()
                        .map(r -> r.method() + "=" + r.result())
                        .toList()
                        .toString())
                .isEqualTo(results);
    }

    @Test
    void text_keepsComments() {
        assertThat(AuthenticationResults.parse("mx;\r\n\tdmarc=fail (p=reject)\r\n\theader.from=a.example")
                        .orElseThrow()
                        .results())
                .isEqualTo(List.of(new Result("dmarc", "fail", "dmarc=fail (p=reject) header.from=a.example")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "; spf=pass", "two names; spf=pass", "((((", "\"", "\\"})
    void garbage_isNone(String value) {
        assertThat(AuthenticationResults.parse(value)).isEmpty();
    }
}
