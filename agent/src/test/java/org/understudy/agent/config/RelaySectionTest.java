package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TestAuthority;
import org.understudy.smtp.TlsPolicy;

class RelaySectionTest {
    private static final String PIN = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    private static RelaySection relay(
            String nextHop, @Nullable TlsPolicy tls, @Nullable String name, @Nullable Path file, String... pins) {
        return new RelaySection(
                "example.org",
                HostAndPort.fromString(nextHop),
                null,
                tls,
                Optional.ofNullable(name),
                Optional.ofNullable(file),
                List.of(pins),
                null,
                Optional.empty(),
                null);
    }

    private static void assertRefused(ThrowingRelay relay, String... words) {
        assertThatThrownBy(relay::make)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    @FunctionalInterface
    private interface ThrowingRelay {
        RelaySection make();
    }

    @Test
    void defaults_areOpportunisticAndXclient() {
        RelaySection relay = relay("mx1.example.org", null, null, null);
        assertThat(relay.next().tls()).isEqualTo(TlsPolicy.OPPORTUNISTIC);
        assertThat(relay.next().trust()).isEqualTo(ServerTrust.STANDARD);
        assertThat(relay.next().xclient()).isTrue();
        assertThat(relay.next().port()).isEqualTo(25);
    }

    @Test
    void badPin_isRefused() {
        assertRefused(
                () -> relay("mx1.example.org", TlsPolicy.VERIFIED, null, null, PIN, "12:34"),
                "certificateSha256: \"12:34\" is no SHA-256",
                "64 hexadecimal digits");
    }

    @Test
    void literalWithoutName_isRefusedUnlessPinned() {
        assertRefused(() -> relay("192.0.2.1", TlsPolicy.VERIFIED, null, null), "needs a name", "tlsName");
        assertRefused(() -> relay("[2001:db8::1]:25", TlsPolicy.VERIFIED, null, null), "needs a name");
        assertThat(relay("192.0.2.1", TlsPolicy.VERIFIED, "mx1.example.org", null)
                        .next()
                        .trust()
                        .name())
                .contains("mx1.example.org");
        assertThat(relay("192.0.2.1", TlsPolicy.VERIFIED, null, null, PIN)
                        .next()
                        .trust()
                        .pins())
                .containsExactly(PIN);
    }

    @Test
    void keysWithoutVerified_areRefused() {
        assertRefused(
                () -> relay("mx1.example.org", TlsPolicy.REQUIRED, "x", null), "only with tls: VERIFIED", "REQUIRED");
        assertRefused(
                () -> relay("mx1.example.org", null, null, null, PIN), "only with tls: VERIFIED", "OPPORTUNISTIC");
    }

    @Test
    void pinBesideName_isRefused() {
        assertRefused(() -> relay("mx1.example.org", TlsPolicy.VERIFIED, "x", null, PIN), "neither name nor authority");
    }

    @Test
    void authorities_areReadFromTheirFile() throws Exception {
        Path file = directory.resolve("ca.pem");
        byte[] encoded = TestAuthority.named("our authority").certificate().getEncoded();
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + java.util.Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END CERTIFICATE-----\n");
        assertThat(relay("mx1.example.org", TlsPolicy.VERIFIED, null, file)
                        .next()
                        .trust()
                        .authorities())
                .containsExactly(TestAuthority.named("our authority").certificate());
    }

    @Test
    void fileWithoutAuthorities_isNamed() throws Exception {
        Path missing = directory.resolve("nowhere.pem");
        assertThatThrownBy(() -> relay("mx1.example.org", TlsPolicy.VERIFIED, null, missing)
                        .next())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("caFile: " + missing + " cannot be read: it does not exist");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        assertThatThrownBy(() -> relay("mx1.example.org", TlsPolicy.VERIFIED, null, empty)
                        .next())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no certificate in " + empty);
        Path other = Files.writeString(directory.resolve("other.pem"), "hello\n");
        assertThatThrownBy(() -> relay("mx1.example.org", TlsPolicy.VERIFIED, null, other)
                        .next())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("caFile: " + other);
    }
}
