package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.QueueCommand;
import org.understudy.probes.QueueSnapshot;
import org.understudy.smtp.Deadline;

/** With programs that run. */
class CommandSourceTest {
    private static final Clock CLOCK = Clock.fixed(Listed.NOW, ZoneOffset.UTC);
    private static final String MESSAGE = "{\"queue_name\": \"deferred\", \"queue_id\": \"4dC\", \"arrival_time\": "
            + Listed.NOW.minusSeconds(3600).getEpochSecond()
            + ", \"message_size\": 100, \"forced_expire\": false, \"sender\": \"a@sender.test\","
            + " \"recipients\": [{\"address\": \"jo@example.org\", \"delay_reason\": \"refused\"}]}";

    @TempDir
    Path directory;

    private Path program(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("listqueue"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static CommandSource source(Duration limit, String... words) {
        return new CommandSource(
                new QueueCommand(QueueCommand.Server.POSTFIX, List.of(words), limit), Listed.scope(), CLOCK);
    }

    private static QueueSnapshot read(CommandSource source) throws IOException {
        return source.read(Deadline.after(Duration.ofSeconds(60)));
    }

    private QueueSnapshot run(String text, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(program(text).toString()));
        words.addAll(List.of(arguments));
        return read(source(Duration.ofSeconds(30), words.toArray(new String[0])));
    }

    @Test
    void whatItPrints_isCounted() throws IOException {
        QueueSnapshot queue = run("echo '" + MESSAGE + "'");
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.lastError()).isEqualTo("refused");
        assertThat(queue.nextHopUp()).isFalse();
    }

    @Test
    void arguments_areGivenAsTheyAre_andNoShellSeesThem() throws IOException {
        assertThat(run("[ \"$1\" = '$(id); *' ] && [ $# = 1 ] && echo '" + MESSAGE + "'", "$(id); *")
                        .queued())
                .isEqualTo(1);
    }

    @Test
    void environment_hasNothingOfOurs_andThereIsNoInput() throws IOException {
        Path seen = directory.resolve("seen");
        run("env >" + seen + "; cat >>" + seen);
        // What a shell sets itself.
        assertThat(Files.readAllLines(seen))
                .allSatisfy(line -> assertThat(line.replaceFirst("=.*", ""))
                        .isIn("HOME", "PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"))
                .anySatisfy(line -> assertThat(line).startsWith("PATH=").contains("/usr/sbin"));
    }

    @Test
    void failure_isToldWithItsFirstWords() {
        assertThatThrownBy(() ->
                        run("echo; echo 'Queue report unavailable - mail system is down' >&2; echo more >&2; exit 69"))
                .isInstanceOf(IOException.class)
                .hasMessage("listqueue ended with 69: Queue report unavailable - mail system is down");
    }

    @Test
    void failure_behindAWholeListing_isFailure() {
        assertThatThrownBy(() -> run("echo '" + MESSAGE + "'; exit 3"))
                .hasMessage("listqueue ended with 3 and said nothing");
    }

    @Test
    void failure_isWhatCounts_notWhatWasPrintedOfIt() {
        assertThatThrownBy(() -> run("echo 'usage: this'; echo 'no such option' >&2; exit 64"))
                .hasMessage("listqueue ended with 64: no such option");
    }

    @Test
    void complaint_ofOneThatEndsWell_isAFact() throws IOException {
        QueueSnapshot queue = run("echo 'warning: accessing queue directly' >&2; echo '" + MESSAGE + "'");
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.details().facts()).containsEntry("complaint", "warning: accessing queue directly");
    }

    @Test
    void nonsense_isToldWithItsBeginning() {
        assertThatThrownBy(() -> run("echo Hello; sleep 60"))
                .hasMessageStartingWith("listqueue prints what is no listing of postqueue -j: \"");
    }

    @Test
    void oneThatHangs_isEnded_withAllThatItHasStarted() throws IOException {
        Path child = directory.resolve("child");
        String program = program("sleep 600 &\necho $! >" + child + "\necho waiting >&2\nwait")
                .toString();
        assertThatThrownBy(() -> read(source(Duration.ofSeconds(2), program)))
                .hasMessage("listqueue did not come to an end within 2 s: waiting");
        long started = Long.parseLong(Files.readString(child).strip());
        await().until(() ->
                ProcessHandle.of(started).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void deadline_isKept_whereItIsShorter() throws IOException {
        CommandSource hanging =
                source(Duration.ofSeconds(60), program("sleep 600").toString());
        assertThatThrownBy(() -> hanging.read(Deadline.after(Duration.ofMillis(300))))
                .hasMessageStartingWith("listqueue did not come to an end");
    }

    @Test
    void flood_isBrokenOff() {
        assertThatThrownBy(() -> run("yes 'complaint' >&2 & yes")).hasMessageContaining("listqueue");
    }

    @Test
    void floodOfListedMessages_endsAtTheLimit() throws IOException {
        String program = program("exec yes '" + MESSAGE + "'").toString();
        assertThatThrownBy(() -> read(source(Duration.ofSeconds(2), program)))
                .hasMessage("listqueue did not come to an end within 2 s");
    }

    @Test
    void outputThatIsLeftToOthers_keepsOneThread_andNotOneForEachRun() throws IOException {
        Path child = directory.resolve("child");
        CommandSource source = source(
                Duration.ofSeconds(3),
                program("sleep 600 &\necho $! >" + child + "\nsleep 1").toString());
        assertThatThrownBy(() -> read(source)).hasMessageStartingWith("listqueue did not come to an end");
        assertThatThrownBy(() -> read(source))
                .hasMessage("what listqueue started some time ago still has its output open");
        ProcessHandle.of(Long.parseLong(Files.readString(child).strip())).ifPresent(ProcessHandle::destroyForcibly);
        await().untilAsserted(() -> assertThatThrownBy(() -> read(source)).hasMessageStartingWith("listqueue did"));
        ProcessHandle.of(Long.parseLong(Files.readString(child).strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void programThatIsMissing_isNamed_withoutItsArguments() {
        assertThatThrownBy(() -> read(source(Duration.ofSeconds(2), "no-such-listing", "--password=secret")))
                .hasMessage("there is no program no-such-listing: write its whole path");
        assertThatThrownBy(() -> read(source(Duration.ofSeconds(2), "/nowhere/listing", "--password=secret")))
                .hasMessageStartingWith("listing cannot be run: ")
                .hasMessageNotContaining("secret");
    }
}
