package org.understudy.agent.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.TlsSection;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.QueueId;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SmtpReceiver;
import org.understudy.spool.TrustedClients;

class CertificateFilesTest {
    @TempDir
    Path directory;

    private TlsSection files() {
        return new TlsSection(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
    }

    /** Makes a pair for a name, as the files that a renewal would leave. */
    private void renew(String name) throws Exception {
        putCertificate(name);
        putKey(name);
    }

    private void putCertificate(String name) throws Exception {
        replace(
                files().certificateFile(),
                "CERTIFICATE",
                pair(name).getCertificate("server").getEncoded());
    }

    private void putKey(String name) throws Exception {
        replace(
                files().keyFile(),
                "PRIVATE KEY",
                pair(name).getKey("server", "understudy".toCharArray()).getEncoded());
    }

    private KeyStore pair(String name) throws IOException, GeneralSecurityException {
        Path store = directory.resolve(name + ".p12");
        ServerCertificate.selfSigned(store, name);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "understudy".toCharArray());
        }
        return keys;
    }

    private void replace(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .encodeToString(der);
        Path next = directory.resolve("next");
        Files.writeString(next, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static SmtpReceiver receiver(CertificateFiles certificate) {
        return SmtpReceiver.start(
                new ReceptionSettings(
                        new DomainName("mx2.test"),
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        1000,
                        100,
                        100,
                        SessionLimits.standard(),
                        Optional.of(certificate),
                        TrustedClients.NONE),
                RecipientPolicy.byAddress(recipient -> Optional.empty()),
                (envelope, origin) -> new Nothing(),
                Clock.systemUTC());
    }

    private static SessionOpening open(SmtpReceiver receiver) {
        InetSocketAddress address = receiver.addresses().get(0);
        return SmtpSession.open(
                new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                new SmtpClientSettings("client.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing()),
                Deadline.after(Duration.ofSeconds(20)));
    }

    /** The name in the certificate that a new session is shown. */
    private static String shownBy(SmtpReceiver receiver) {
        SessionOpening opening = open(receiver);
        opening.session().orElseThrow().close();
        return opening.tls()
                .orElseThrow()
                .chain()
                .get(0)
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void renewedPair_isShownToTheNextHandshake_openSessionsGoOn() throws Exception {
        renew("first.test");
        CertificateFiles certificate = CertificateFiles.open(files(), Duration.ZERO);
        try (SmtpReceiver receiver = receiver(certificate);
                SmtpSession before = open(receiver).session().orElseThrow()) {
            assertThat(shownBy(receiver)).isEqualTo("CN=first.test");
            renew("second.test");
            assertThat(shownBy(receiver)).isEqualTo("CN=second.test");
            assertThat(before.reset().isPositive()).isTrue();
            assertThat(certificate.trouble()).isEmpty();
        }
    }

    @Test
    void brokenPair_keepsTheOneBefore_andSaysSoUntilItIsMended() throws Exception {
        renew("first.test");
        CertificateFiles certificate = CertificateFiles.open(files(), Duration.ZERO);
        try (SmtpReceiver receiver = receiver(certificate)) {
            putCertificate("second.test");
            assertThat(shownBy(receiver)).isEqualTo("CN=first.test");
            assertThat(certificate.trouble())
                    .hasValueSatisfying(t -> assertThat(t)
                            .contains("key.pem", "is not the one of the first certificate", "stays in use"));
            putKey("second.test");
            assertThat(shownBy(receiver)).isEqualTo("CN=second.test");
            assertThat(certificate.trouble()).isEmpty();
            Files.writeString(files().certificateFile(), "nonsense");
            assertThat(certificate.trouble()).isPresent();
            Files.delete(files().certificateFile());
            assertThat(certificate.trouble())
                    .hasValueSatisfying(t -> assertThat(t).contains("does not exist"));
            assertThat(shownBy(receiver)).isEqualTo("CN=second.test");
        }
    }

    @Test
    void files_areNotLookedAtMoreOftenThanTheIntervalSays() throws Exception {
        renew("first.test");
        CertificateFiles certificate = CertificateFiles.open(files(), Duration.ofHours(1));
        Files.delete(files().keyFile());
        assertThat(certificate.trouble()).isEmpty();
    }

    @Test
    void open_pairThatDoesNotBelongTogether_isRefused() throws Exception {
        renew("first.test");
        putKey("second.test");
        assertThatThrownBy(() -> CertificateFiles.open(files(), Duration.ZERO))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("is not the one of the first certificate");
    }

    private static final class Nothing implements MessageDraft {
        @Override
        public QueueId id() {
            return new QueueId("1000001");
        }

        @Override
        public void write(byte[] octets, int offset, int length) {}

        @Override
        public CommitResult commit() {
            return CommitResult.FAILED;
        }

        @Override
        public void discard() {}
    }
}
