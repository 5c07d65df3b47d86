package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.agent.config.ConfigurationText;
import org.understudy.probes.Finding;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** What the agent finds out about its configuration and the secrets in it. */
class OwnFilesTest {
    private static final String TEXT = "agent:\n  name: agent.test\n";

    @TempDir
    Path directory;

    private final Clock clock = Clock.systemUTC();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("config.yml"), TEXT);
        // As it is made for tests, nobody else may enter.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<Finding> look(SelfCheck check) {
        return new SelfProbe(new DomainName("agent.test"), List.of(check), clock)
                .run(Deadline.after(Duration.ofSeconds(20)))
                .findings();
    }

    private void change(Duration ago) throws IOException {
        Files.writeString(file, TEXT + "  publicUrl: http://example.net\n");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(ago)));
    }

    @Test
    void configurationThatIsNotRun_isFound_unlessItHasJustBeenWritten() throws IOException {
        SelfCheck check = new ConfigurationFileSelfCheck(file, TEXT, clock);
        assertThat(look(check)).isEmpty();
        change(Duration.ofMinutes(9));
        assertThat(look(check)).isEmpty();
        change(Duration.ofMinutes(11));
        assertThat(look(check)).extracting(f -> f.type().id()).containsExactly("agent-config-drift");
        Files.writeString(file, TEXT);
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(Duration.ofHours(1))));
        assertThat(look(check)).as("touched, and the same").isEmpty();
        Files.delete(file);
        assertThat(look(check).get(0).summary()).contains("cannot be read");
    }

    @Test
    void secretsThatEverybodyMayRead_areFound() throws IOException {
        SelfCheck check = new SecretFilesSelfCheck(List.of(file, directory.resolve("none")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        List<Finding> findings = look(check);
        assertThat(findings).extracting(f -> f.type().id()).containsExactly("agent-secret-exposed-or-expiring");
        assertThat(findings.get(0).fix()).isEqualTo("chmod 600 " + file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(look(check)).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        assertThat(look(check)).as("nobody gets there").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "    password: canary, true",
                "imap: {user: a; password: \"canary\"}, true",
                "  webhookUrl: https://hooks.example/1, true",
                "  url: https://beat.example/1, true",
                "    password: ${IMAP_PASSWORD}, false",
                "    password: \"${IMAP_PASSWORD}\", false",
                "    passwordFile: /etc/secret, false",
                "    # password: canary, false",
                "  publicUrl: http://example.net, false",
            })
    void secretInTheFileItself(String line, boolean secret) {
        assertThat(new ConfigurationText(file, "agent:\n" + line + "\n").holdsSecrets())
                .isEqualTo(secret);
    }
}
