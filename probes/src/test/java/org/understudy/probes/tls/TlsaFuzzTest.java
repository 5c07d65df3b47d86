package org.understudy.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TestAuthority;

/** Whatever stands in TLSA records is read without an exception, and nothing is accepted that does not name the certificate. */
class TlsaFuzzTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("DANE Check");
    private static final X509Certificate LEAF =
            AUTHORITY.issue("dns:mx.example.org").certificate();
    private static final List<X509Certificate> CHAIN = List.of(LEAF, AUTHORITY.certificate());
    private static final int MOST = 20;

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "030101" + TlsaSet.of(LEAF).association(),
                        "020001"
                                + TlsaSet.association(0, 1, AUTHORITY.certificate())
                                        .orElseThrow(),
                        "020100"
                                + TlsaSet.association(1, 0, AUTHORITY.certificate())
                                        .orElseThrow(),
                        "030000" + TlsaSet.association(0, 0, LEAF).orElseThrow(),
                        "0300003003020101",
                        "ffffff",
                        "")
                .map(HexFormat.of()::parseHex);
    }

    /** Records one behind the other: three numbers, then 32 octets, and in the last one the rest. */
    private static List<TlsaRecord> records(byte[] octets) {
        List<TlsaRecord> records = new ArrayList<>();
        int at = 0;
        while (at + 3 <= octets.length && records.size() < MOST) {
            int rest = octets.length - at - 3;
            int length = rest >= 2 * 35 ? 32 : rest;
            String data = HexFormat.of().formatHex(Arrays.copyOfRange(octets, at + 3, at + 3 + length));
            records.add(new TlsaRecord(octets[at] & 0xFF, octets[at + 1] & 0xFF, octets[at + 2] & 0xFF, data));
            at += 3 + length;
        }
        return records;
    }

    @MethodSource("seeds")
    @FuzzTest
    void records_areReadAndMatched(byte[] octets) {
        TlsaSet set = new TlsaSet(records(octets));
        assertThat(set.isUsable()).isEqualTo(!set.counting().isEmpty());
        assertThat(set.records()).containsAll(set.counting());
        DaneCheck check = new DaneCheck(set, List.of(new DomainName("mx.example.org")), Instant.now());
        check.accepting(CHAIN)
                .ifPresentOrElse(
                        record -> assertThat(CHAIN).anyMatch(c -> TlsaSet.names(record, c)),
                        () -> assertThat(check.objections(CHAIN))
                                .hasSize(set.counting().size()));
    }
}
