package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a domain publishes is read without an exception, and what is taken for valid keeps to the grammar. */
class PublishedTextFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "version: STSv1\r\nmode: enforce\r\nmx: *.example.org\r\nmx: mx2.example.net\r\nmax_age: 604800\r\n",
                        "version: STSv1\nmode: none\nmax_age: 0",
                        "v=STSv1; id=20160831085700Z; a=b;",
                        "v=TLSRPTv1; rua=mailto:tls%40x@example.net?a=b, https://reports.example.com:8443/v1;",
                        "v=DMARC1; p=reject; sp=none; rua=mailto:a@example.org")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void text(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        policy(text);
        StsRecord sts = StsRecord.parse(text);
        if (sts.isValid()) {
            assertThat(sts.id()).matches("[A-Za-z0-9]{1,32}");
        }
        TlsRptRecord reports = TlsRptRecord.parse(text);
        if (reports.isValid()) {
            assertThat(reports.destinations()).isNotEmpty();
        }
        assertThat(StsRecord.among(List.of(text))).hasSizeLessThan(2);
        assertThat(TlsRptRecord.among(List.of(text))).hasSizeLessThan(2);
        DmarcRecord.among(List.of(text));
        MxPattern.parse(text)
                .ifPresent(p -> assertThat(MxPattern.parse(p.text())).contains(p));
        StsPolicy.ofMeaning(text);
    }

    private static void policy(String text) {
        StsPolicy.Parsed parsed = StsPolicy.parse(text);
        parsed.policy().ifPresent(policy -> {
            assertThat(policy.maxAge()).isBetween(0L, 9_999_999_999L);
            StsPolicy again = StsPolicy.ofMeaning(policy.meaning()).orElseThrow();
            assertThat(again.meaning()).isEqualTo(policy.meaning());
        });
        if (parsed.policy().isEmpty()) {
            assertThat(parsed.objections()).isNotEmpty();
        }
    }
}
