package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.NextHop;

class KnownCapabilitiesTest {
    private static final NextHop ONE = new NextHop("mx1.example.org", 25, TlsPolicy.NONE);
    private static final NextHop OTHER = new NextHop("2001:db8::1", 2525, TlsPolicy.REQUIRED);
    private static final Map<DomainName, NextHop> ROUTES = Map.of(
            new DomainName("example.org"), ONE,
            new DomainName("example.com"), ONE,
            new DomainName("example.net"), OTHER);
    private static final Capabilities OFFERED =
            new Capabilities(Map.of("SIZE", "5000", "SMTPUTF8", "", "AUTH", "PLAIN LOGIN"));

    @TempDir
    Path directory;

    private KnownCapabilities open() {
        return KnownCapabilities.open(directory.resolve("capabilities"), ROUTES);
    }

    private static ForwardPath at(String domain) {
        return new ForwardPath("a", Optional.of(domain));
    }

    @Test
    void learned_isKnownForItsDomains_andAfterARestart() {
        KnownCapabilities first = open();
        assertThat(first.all()).containsExactlyInAnyOrder(Optional.empty(), Optional.empty());
        first.learn(ONE, OFFERED);
        for (KnownCapabilities known : new KnownCapabilities[] {first, open()}) {
            assertThat(known.of(at("example.org"))).contains(OFFERED);
            assertThat(known.of(at("EXAMPLE.com"))).contains(OFFERED);
            assertThat(known.of(at("example.net"))).isEmpty();
            assertThat(known.of(at("other.test"))).isEmpty();
            assertThat(known.of(at("[192.0.2.1]"))).isEmpty();
            assertThat(known.all()).containsExactlyInAnyOrder(Optional.of(OFFERED), Optional.empty());
        }
    }

    @Test
    void learnedAnew_replacesWhatWasKnown() {
        open().learn(ONE, OFFERED);
        KnownCapabilities second = open();
        second.learn(OTHER, Capabilities.NONE);
        second.learn(ONE, new Capabilities(Map.of("SIZE", "7000")));
        KnownCapabilities third = open();
        assertThat(third.of(at("example.org")).orElseThrow().maximumSize()).hasValue(7000);
        assertThat(third.of(at("example.org")).orElseThrow().offers("SMTPUTF8")).isFalse();
        assertThat(third.of(at("example.net"))).contains(Capabilities.NONE);
    }

    @Test
    void postmasterWithoutDomain_isOfTheOnlyNextHop_orOfNone() {
        ForwardPath postmaster = new ForwardPath("postmaster", Optional.empty());
        KnownCapabilities two = open();
        two.learn(ONE, OFFERED);
        assertThat(two.of(postmaster)).isEmpty();
        KnownCapabilities single =
                KnownCapabilities.open(directory.resolve("capabilities"), Map.of(new DomainName("example.org"), ONE));
        assertThat(single.of(postmaster)).contains(OFFERED);
    }

    @Test
    void file_isPrivate_andLeavesNothingBeside() throws IOException {
        open().learn(ONE, OFFERED);
        assertThat(directory).isDirectoryContaining("glob:**capabilities");
        assertThat(directory.toFile().list()).containsExactly("capabilities");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("capabilities"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "\tSIZE 5\n", "mx1.example.org:25", "\u0000\u0001\n\t\t\n"})
    void damagedFile_isNoReasonNotToStart(String text) throws IOException {
        Files.writeString(directory.resolve("capabilities"), text);
        KnownCapabilities known = open();
        assertThat(known.of(at("example.net"))).isEmpty();
        known.learn(OTHER, OFFERED);
        assertThat(open().of(at("example.net"))).contains(OFFERED);
    }

    @Test
    void notUtf8_isNotKnown() throws IOException {
        Files.write(directory.resolve("capabilities"), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        assertThat(open().all()).containsExactlyInAnyOrder(Optional.empty(), Optional.empty());
    }

    @Test
    void cannotBeWritten_isKnownAllTheSame() throws IOException {
        Files.createDirectory(directory.resolve("capabilities.new"));
        Files.createFile(directory.resolve("capabilities.new").resolve("in the way"));
        KnownCapabilities known = open();
        known.learn(ONE, OFFERED);
        assertThat(known.of(at("example.org"))).contains(OFFERED);
        assertThat(open().of(at("example.org"))).isEmpty();
    }
}
