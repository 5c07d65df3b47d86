package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever servers write into the fields of a message is read without an exception, and in a time that its length allows. */
class ArrivedFieldsFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "from mx2.example.org (mx2 (nested) [192.0.2.2])\r\n\tby MX1.example.org. (Postfix) with ESMTPS id 4XY; date",
                        "by .",
                        "(qmail 1234 invoked by uid 89); 24 Nov 2026 12:00:00 -0000",
                        "mx1.example.org 1; dmarc=fail (p=REJECT (x)) header.from=a; spf=pass reason=\"a;b\"",
                        "body=0123456789abcdef;\r\n subject=fedcba9876543210",
                        "From: a\r\nSubject: b\r\n c\r\n\r\nbody \t\r\n\r\n",
                        "((((((((((",
                        "\"\"\"\\\"")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void fields(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(new TraceFields(List.of(text, text)).hops())
                .doesNotContain("")
                .hasSizeLessThan(3);
        AuthenticationResults.parse(text).ifPresent(field -> {
            assertThat(field.server()).isNotEmpty().doesNotContain(" ", ";");
            assertThat(field.results())
                    .allMatch(r -> !r.method().isEmpty() && !r.result().isEmpty());
        });
        Seal seal = Seal.of(octets);
        assertThat(Seal.parse(seal.value())).isEqualTo(seal);
        assertThat(seal.broken(Seal.of(("Received: x\r\n" + text).getBytes(StandardCharsets.ISO_8859_1)))
                        .size())
                .isLessThan(10);
        assertThat(Seal.parse(text).broken(seal).size()).isLessThan(10);
    }
}
