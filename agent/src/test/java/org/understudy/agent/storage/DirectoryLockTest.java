package org.understudy.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.SetClock;
import org.understudy.agent.cli.StartupException;

/** One agent has a data directory, and knows of another that has got in all the same. */
class DirectoryLockTest {
    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();

    @Test
    void secondAgent_doesNotStart_andSaysWhoHasTheDirectory() {
        try (DirectoryLock first = DirectoryLock.take(directory, clock)) {
            assertThatThrownBy(() -> DirectoryLock.take(directory, clock))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("in use by another agent")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(first.intruder()).isEmpty();
        }
        DirectoryLock.take(directory, clock).close();
    }

    @Test
    void intruder_isKnown_untilItShowsItselfNoMore() throws IOException {
        try (DirectoryLock first = DirectoryLock.take(directory, clock)) {
            Files.delete(directory.resolve("lock"));
            try (DirectoryLock second = DirectoryLock.take(directory, clock)) {
                assertThat(first.intruder()).isPresent();
                assertThat(second.intruder()).isPresent();
                clock.advance(Duration.ofMinutes(4));
                assertThat(first.intruder()).isPresent();
            }
            clock.advance(Duration.ofMinutes(6));
            assertThat(first.intruder()).isEmpty();
        }
    }

    @Test
    void tokenThatWasDeleted_isNoIntruder() throws IOException {
        try (DirectoryLock lock = DirectoryLock.take(directory, clock)) {
            Files.delete(directory.resolve("holder"));
            assertThat(lock.intruder()).isEmpty();
            assertThat(directory.resolve("holder")).isNotEmptyFile();
        }
    }
}
