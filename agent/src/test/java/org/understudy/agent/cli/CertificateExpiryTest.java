package org.understudy.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;

/** A certificate that ends is noticed before senders notice it. */
class CertificateExpiryTest {
    @TempDir
    Path directory;

    private static void keytool(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private Path certificate(String start, int days) throws IOException, InterruptedException {
        String store = directory.resolve("store.p12").toString();
        Path file = directory.resolve("certificate.pem");
        List<String> access = List.of("-keystore", store, "-storepass", "changeit", "-alias", "a");
        List<String> make = new ArrayList<>(List.of(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=mx2.test",
                "-startdate",
                start,
                "-validity",
                Integer.toString(days)));
        make.addAll(access);
        keytool(make);
        List<String> export = new ArrayList<>(List.of("-exportcert", "-rfc", "-file", file.toString()));
        export.addAll(access);
        keytool(export);
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
