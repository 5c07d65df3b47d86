package org.understudy.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TestAuthority;

class DaneCheckTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("DANE Check");
    private static final X509Certificate LEAF =
            AUTHORITY.issue("dns:mx.example.org").certificate();
    private static final X509Certificate CA = AUTHORITY.certificate();
    private static final X509Certificate OTHER =
            TestAuthority.named("Another Authority").certificate();
    private static final List<X509Certificate> CHAIN = List.of(LEAF, CA);
    private static final DomainName NAME = new DomainName("mx.example.org");

    private static TlsaRecord record(int usage, int selector, int matching, X509Certificate certificate) {
        return new TlsaRecord(
                usage,
                selector,
                matching,
                TlsaSet.association(selector, matching, certificate).orElseThrow());
    }

    private static DaneCheck check(DomainName name, Instant now, TlsaRecord... records) {
        return new DaneCheck(new TlsaSet(List.of(records)), List.of(name), now);
    }

    static Stream<Arguments> everyForm() {
        return Stream.of(TlsaSet.DANE_TA, TlsaSet.DANE_EE)
                .flatMap(usage -> Stream.of(0, 1)
                        .flatMap(selector -> Stream.of(0, 1, 2).map(m -> Arguments.of(usage, selector, m))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everyForm")
    void everyForm_acceptsItsOwn_andNoOther(int usage, int selector, int matching) {
        X509Certificate named = usage == TlsaSet.DANE_EE ? LEAF : CA;
        TlsaRecord right = record(usage, selector, matching, named);
        TlsaRecord wrong = record(usage, selector, matching, OTHER);
        assertThat(TlsaSet.unusable(right)).isEmpty();
        assertThat(check(NAME, Instant.now(), wrong, right).accepting(CHAIN)).contains(right);
        assertThat(check(NAME, Instant.now(), wrong).accepting(CHAIN)).isEmpty();
        assertThat(check(NAME, Instant.now(), wrong).objections(CHAIN)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void authorityThatTheRecordHolds_needsNotBeInTheChain(int selector) {
        TlsaRecord whole = record(TlsaSet.DANE_TA, selector, 0, CA);
        assertThat(check(NAME, Instant.now(), whole).accepting(List.of(LEAF))).contains(whole);
        TlsaRecord digest = record(TlsaSet.DANE_TA, selector, 1, CA);
        assertThat(check(NAME, Instant.now(), digest).accepting(List.of(LEAF))).isEmpty();
    }

    @Test
    void anAuthority_vouchesForNamesAndDates_aKeyDoesNot() {
        DomainName another = new DomainName("mx.example.net");
        Instant late = Instant.now().plus(Duration.ofDays(400));
        TlsaRecord authority = record(TlsaSet.DANE_TA, 0, 1, CA);
        TlsaRecord key = record(TlsaSet.DANE_EE, 1, 1, LEAF);
        assertThat(check(another, Instant.now(), authority).objections(CHAIN))
                .singleElement()
                .asString()
                .contains("is not for mx.example.net but for mx.example.org");
        assertThat(check(NAME, late, authority).accepting(CHAIN)).isEmpty();
        assertThat(check(another, late, key).accepting(CHAIN)).contains(key);
    }

    @Test
    void anAuthorityInTheChain_thatIssuedNothingInIt_isNone() {
        TlsaRecord stranger = record(TlsaSet.DANE_TA, 0, 1, OTHER);
        DaneCheck check = check(NAME, Instant.now(), stranger);
        assertThat(check.accepting(List.of(LEAF, CA, OTHER))).isEmpty();
        assertThat(check.objections(List.of(LEAF, CA, OTHER)))
                .singleElement()
                .asString()
                .contains("does not lead to it");
    }

    @Test
    void theServersOwnCertificate_isNoAuthority() {
        assertThat(check(NAME, Instant.now(), record(TlsaSet.DANE_TA, 1, 1, LEAF))
                        .accepting(CHAIN))
                .isEmpty();
    }

    /** RFC 7671 section 9: who knows SHA-512 does not look at SHA-256. */
    @Test
    void aStrongerDigest_takesThePlaceOfAWeakerOne_ofTheSameKind() {
        TlsaRecord weak = record(TlsaSet.DANE_EE, 1, 1, LEAF);
        TlsaRecord strongOfAnother = record(TlsaSet.DANE_EE, 1, 2, OTHER);
        assertThat(check(NAME, Instant.now(), weak, strongOfAnother).accepting(CHAIN))
                .isEmpty();
        TlsaRecord strongOfCertificate = record(TlsaSet.DANE_EE, 0, 2, OTHER);
        assertThat(check(NAME, Instant.now(), weak, strongOfCertificate).accepting(CHAIN))
                .contains(weak);
        TlsaRecord whole = record(TlsaSet.DANE_EE, 1, 0, LEAF);
        assertThat(check(NAME, Instant.now(), whole, strongOfAnother).accepting(CHAIN))
                .contains(whole);
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0, 3003020101", "3, 1, 0, 3003020101", "3, 1, 0, ''", "3, 1, 1, ''", "2, 1, 2, abcd"})
    void dataThatAreNone_areOfNoUse(int usage, int selector, int matching, String data) {
        assertThat(TlsaSet.unusable(new TlsaRecord(usage, selector, matching, data)))
                .isPresent();
    }

    @Test
    void wholeData_areThoseOfTheCertificate() throws Exception {
        assertThat(record(3, 0, 0, LEAF).association()).isEqualTo(HexFormat.of().formatHex(LEAF.getEncoded()));
    }
}
