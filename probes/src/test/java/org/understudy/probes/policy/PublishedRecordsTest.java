package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.policy.DmarcRecord.Policy;

/** The grammar of the TXT records that a domain publishes about its mail. */
class PublishedRecordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=STSv1; id=20160831085700Z;|20160831085700Z",
                "v=STSv1;id=1|1",
                "v=STSv1 \t; \tid=abcXYZ019|abcXYZ019",
                "v=STSv1; id=12345678901234567890123456789012|12345678901234567890123456789012",
                "v=STSv1; future=a:b/c; id=7;|7",
                "v=STSv1; id=1; id=2|1"
            })
    void stsRecord_isRead(String text, String id) {
        StsRecord record = StsRecord.parse(text);
        assertThat(record.objection()).isEmpty();
        assertThat(record.id()).isEqualTo(id);
        assertThat(StsRecord.among(List.of(text, "hello"))).containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=STSv1;|no id",
                "v=STSv1; id=|has the id",
                "v=STSv1; id=2016-08-31|has the id",
                "v=STSv1; id=123456789012345678901234567890123|has the id",
                "v=STSv1; ID=1|no id",
                "v=STSv1; id=1;; a=b|has the part",
                "v=STSv1; id=1; no|has the part",
                "v=STSv1; id=1; a=b=c|has the part",
                "v=STSv1; id = 1|has the part"
            })
    void stsRecord_isRefused(String text, String objection) {
        assertThat(StsRecord.parse(text).objection()).contains(objection);
        assertThat(StsRecord.among(List.of(text))).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=STSv1", "V=STSv1; id=1", "v=STSv10; id=1", " v=STSv1; id=1", "v=spf1 -all", ""})
    void stsRecord_thatIsNone_isNotMeant(String text) {
        assertThat(StsRecord.among(List.of(text))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1;rua=mailto:tls@example.net|mail example.net",
                "v=TLSRPTv1; rua=https://reports.example.net/v1/tls|https reports.example.net",
                "v=TLSRPTv1; rua=mailto:tls@example.net,https://reports.example.com/;|mail example.net, https reports.example.com",
                "v=TLSRPTv1; rua=mailto:tls@example.net , mailto:b@example.com|mail example.net, mail example.com",
                "v=TLSRPTv1; ext=1; rua=MAILTO:tls@Example.NET|mail example.net"
            })
    void tlsRptRecord_isRead(String text, String expected) {
        TlsRptRecord record = TlsRptRecord.parse(text);
        assertThat(record.objection()).isEmpty();
        assertThat(String.join(
                        ", ",
                        record.destinations().stream()
                                .map(d -> (d.mail() ? "mail " : "https ") + d.host())
                                .toList()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1;|no rua",
                "v=TLSRPTv1; rua=|has the rua",
                "v=TLSRPTv1; rua=tls@example.net|has the rua",
                "v=TLSRPTv1; rua=http://example.net/|has the rua",
                "v=TLSRPTv1; rua=mailto:example.net|has the rua",
                "v=TLSRPTv1; rua=mailto:a@b..c|has the rua",
                "v=TLSRPTv1; rua=mailto:a@%zz|has the rua",
                "v=TLSRPTv1; rua=https:///|has the rua",
                "v=TLSRPTv1; rua|has the part"
            })
    void tlsRptRecord_isRefused(String text, String objection) {
        assertThat(TlsRptRecord.parse(text).objection()).contains(objection);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DMARC1; p=reject|REJECT|REJECT",
                "v=DMARC1;p=Quarantine ; sp=none|QUARANTINE|NONE",
                "v=DMARC1; p=none; rua=mailto:a@b.org|NONE|NONE",
                "v=DMARC1; p=reject; sp=what|REJECT|REJECT"
            })
    void dmarcRecord_isRead(String text, Policy own, Policy below) {
        assertThat(DmarcRecord.among(List.of("x", text))).contains(new DmarcRecord(own, below));
        assertThat(DmarcRecord.among(List.of(text, text))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=DMARC1", "p=reject; v=DMARC1", "v=DMARC1; p=what", "v=dmarc1; p=reject"})
    void dmarcRecord_thatIsNone_isNotRead(String text) {
        assertThat(DmarcRecord.among(List.of(text))).isEmpty();
    }
}
