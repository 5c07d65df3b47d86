package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.DomainName;
import org.understudy.spool.RecipientSettings;

class ListFileTest {
    private static final DomainName DOMAIN = new DomainName("example.org");

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private Path file = Path.of("");
    private ListFile list = new ListFile(file, DOMAIN);

    @BeforeEach
    void name() {
        file = directory.resolve("recipients");
        list = new ListFile(file, DOMAIN);
    }

    private void write(String content) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        list.renew(clock.instant());
    }

    @Test
    void addresses_localParts_commentsAndOtherDomains() throws IOException {
        write("""
                # ours
                jo@example.org
                Ann.Lee@Example.ORG   # she writes it so
                info

                jim@example.net
                o'hara#1@example.org
                """);
        assertThat(list.isAvailable()).isTrue();
        assertThat(list.contains("jo")).isTrue();
        assertThat(list.contains("JO")).isTrue();
        assertThat(list.contains("jo+lists")).isTrue();
        assertThat(list.contains("ann.lee")).isTrue();
        assertThat(list.contains("info")).isTrue();
        assertThat(list.contains("o'hara#1")).isTrue();
        assertThat(list.contains("jim")).isFalse();
        assertThat(list.contains("nobody")).isFalse();
    }

    @Test
    void wholeDomain_isEverybody() throws IOException {
        write("@example.org\n");
        assertThat(list.contains("anybody")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n\n", "jim@example.net\n", "jo@example.org\nnot an address\n", "@-.\njo\n"})
    void emptyOrNotUnderstood_isUnavailable_andTheLastGoodOneStays(String content) throws IOException {
        write(content);
        assertThat(list.isAvailable()).isFalse();
        assertThat(list.contains("jo")).isFalse();
        write("jo@example.org\n");
        assertThat(list.isAvailable()).isTrue();
        write(content);
        assertThat(list.isAvailable()).isFalse();
        assertThat(list.contains("jo")).isTrue();
    }

    @Test
    void missing_isUnavailable_untilItIsThere() throws IOException {
        list.renew(clock.instant());
        assertThat(list.isAvailable()).isFalse();
        assertThat(list.words(clock.instant())).contains("does not exist");
        write("jo\n");
        assertThat(list.isAvailable()).isTrue();
        Files.delete(file);
        list.renew(clock.instant());
        assertThat(list.isAvailable()).isFalse();
        assertThat(list.contains("jo")).isTrue();
    }

    @Test
    void suddenlyMuchShorter_isBelievedOnlyIfItStaysSo() throws IOException {
        write(IntStream.range(0, 20).mapToObj(i -> "user" + i).collect(Collectors.joining("\n")));
        write("user1\n");
        assertThat(list.isAvailable()).isFalse();
        assertThat(list.contains("user7")).isTrue();
        clock.advance(Duration.ofMinutes(59));
        list.renew(clock.instant());
        assertThat(list.isAvailable()).isFalse();
        clock.advance(Duration.ofMinutes(2));
        list.renew(clock.instant());
        assertThat(list.isAvailable()).isTrue();
        assertThat(list.contains("user7")).isFalse();
        assertThat(list.contains("user1")).isTrue();
    }

    @Test
    void running_listIsReadAgainWhenItChanges() throws IOException {
        Files.writeString(file, "jo\n");
        RecipientSettings settings =
                RecipientSettings.standard().withCallout(false).withList(file, true);
        try (RecipientWorld world = new RecipientWorld(directory, settings)) {
            assertThat(world.rcpt("jo")).startsWith("250");
            assertThat(world.rcpt("ann")).startsWith("550 5.1.1");
            write("jo\nann\n");
            await().untilAsserted(() -> assertThat(world.rcpt("ann")).startsWith("250"));
            write("");
            await().untilAsserted(() -> assertThat(world.rcpt("jim")).startsWith("451 4.3.0"));
            assertThat(world.rcpt("jo")).startsWith("250");
        }
    }
}
