package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a segment grows on the disk. */
class SegmentTest {
    private static final long CAPACITY = 64L * 1024 * 1024;

    @TempDir
    Path directory;

    private Segment create(long capacity) throws IOException {
        return Segment.create(directory, 1, capacity, Segment.stagingBuffer());
    }

    private long length() throws IOException {
        return Files.size(Segment.file(directory, 1));
    }

    private static void write(Segment segment, int octets) throws IOException {
        segment.append(SegmentRecord.of(SegmentRecord.MESSAGE, new byte[octets]));
        segment.sync();
    }

    @Test
    void smallWrites_goIntoZerosWrittenAhead() throws IOException {
        Segment segment = create(CAPACITY);
        write(segment, 100);
        assertThat(length()).as("with its beginning only").isEqualTo(segment.position());
        write(segment, 4096);
        long ahead = length();
        assertThat(ahead).isGreaterThan(1024 * 1024);
        write(segment, 4096);
        write(segment, 4096);
        assertThat(length()).isEqualTo(ahead);
        segment.abandon();
    }

    @Test
    void largeWrites_areNotWrittenTwice() throws IOException {
        Segment segment = create(CAPACITY);
        for (int i = 0; i < 20; i++) {
            write(segment, 1024 * 1024);
        }
        assertThat(length()).isEqualTo(segment.position());
        write(segment, 100 * 1024);
        assertThat(length()).isEqualTo(segment.position());
        segment.abandon();
        assertThat(SegmentScanner.scan(Segment.file(directory, 1), 0, RecoveryVisitor.COUNTING))
                .isEqualTo(segment.position());
    }

    @Test
    void aftermathOfLargeWrites_isWrittenAheadAgain() throws IOException {
        Segment segment = create(256 * 1024);
        write(segment, 300 * 1024);
        assertThat(length()).isEqualTo(segment.position());
        write(segment, 1024);
        assertThat(length()).isGreaterThan(segment.position());
        segment.seal();
        assertThat(length()).isEqualTo(segment.position());
        assertThat(SegmentScanner.scan(Segment.file(directory, 1), 0, RecoveryVisitor.COUNTING))
                .isEqualTo(segment.position());
    }
}
