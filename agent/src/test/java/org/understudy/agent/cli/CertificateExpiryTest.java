package org.understudy.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Keytool;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;

/** A certificate that ends is noticed before senders notice it. */
class CertificateExpiryTest {
    @TempDir
    Path directory;

    private Path certificate(String start, int days) {
        Path store = directory.resolve("store.p12");
        Path file = directory.resolve("certificate.pem");
        Keytool.generate(store, "a", "-dname", "CN=mx2.test", "-startdate", start, "-validity", Integer.toString(days));
        Keytool.export(store, "a", file);
        return file;
    }

    @ParameterizedTest
    @CsvSource({"-1d, 365, OK, it is good until", "-1d, 10, WARNING, more days", "-10d, 9, FAULT, which is over"})
    void certificate_isJudgedByItsEnd(String start, int days, Severity severity, String words) throws Exception {
        SpoolFinding finding = CertificateExpiry.examine(certificate(start, days), Clock.systemUTC());
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.what()).contains(words);
    }

    @Test
    void whatIsNoCertificate_isAFault() throws IOException {
        Path file = Files.writeString(directory.resolve("certificate.pem"), "nothing of the kind");
        SpoolFinding finding = CertificateExpiry.examine(file, Clock.systemUTC());
        assertThat(finding.severity()).isEqualTo(Severity.FAULT);
        assertThat(finding.what()).isEqualTo("it cannot be read: it is not what it should be");
        assertThat(CertificateExpiry.examine(directory.resolve("nowhere.pem"), Clock.systemUTC())
                        .what())
                .isEqualTo("it cannot be read: it does not exist");
    }
}
