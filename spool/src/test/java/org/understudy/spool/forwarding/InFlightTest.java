package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.QueueId;

class InFlightTest {
    private static final QueueId ONE = new QueueId("020F40AGSNWG");
    private static final QueueId TWO = new QueueId("020F40AGSNWH");

    @TempDir
    Path directory;

    private InFlight open() {
        return InFlight.open(directory.resolve("in-flight"));
    }

    @Test
    void whatWasNotEnded_isLeft_forTheNextProcess_once() {
        InFlight first = open();
        first.begin(ONE);
        first.begin(TWO);
        first.begin(TWO);
        first.end(ONE);
        // Not closed: a process that is killed closes nothing.
        assertThat(open().left()).containsExactly(TWO);
        assertThat(open().left()).isEmpty();
    }

    @Test
    void orderlyEnd_leavesNothing() {
        try (InFlight first = open()) {
            first.begin(ONE);
            first.end(ONE);
        }
        assertThat(open().left()).isEmpty();
    }

    @Test
    void moreThanItHolds_areNotRemembered_andDisturbNothing() {
        InFlight first = open();
        for (int i = 0; i < 5000; i++) {
            first.begin(new QueueId(String.format("%012d", i)));
        }
        for (int i = 0; i < 5000; i++) {
            first.end(new QueueId(String.format("%012d", i)));
        }
        first.begin(ONE);
        assertThat(open().left()).containsExactly(ONE);
    }

    @Test
    void fileThatCannotBeUsed_stopsNothing() throws IOException {
        Files.createDirectory(directory.resolve("in-flight"));
        InFlight first = open();
        first.begin(ONE);
        first.end(ONE);
        assertThat(first.left()).isEmpty();
    }

    @Test
    void whatIsNoQueueId_isForgotten_andTheFileIsPrivate() throws IOException {
        Path file = directory.resolve("in-flight");
        Files.writeString(file, "not a queue id".repeat(20_000));
        assertThat(open().left()).isEmpty();
        Files.delete(file);
        open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
