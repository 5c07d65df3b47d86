package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written past the page cache and what is written through it make one file. */
class SegmentFileTest {
    private static final int LEAST_DIRECT = 16 * 1024;
    private static final int PIECES = 200;

    @TempDir
    Path directory;

    private final Random random = new Random(20261127);
    private final ByteBuffer memory = ByteBuffer.allocateDirect(128 * 1024).alignedSlice(SegmentFile.ALIGNMENT);

    /** A piece that lies in memory as it will in the file, as long as that is not prevented. */
    private ByteBuffer piece(int octets, long at, int shift) {
        byte[] content = new byte[octets];
        random.nextBytes(content);
        memory.clear().position((int) (at % SegmentFile.ALIGNMENT) + shift);
        return memory.duplicate().put(memory.position(), content).limit(memory.position() + octets);
    }

    private void writePieces(int shift) throws IOException {
        Path path = directory.resolve("file");
        SegmentFile file = SegmentFile.create(path, LEAST_DIRECT);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        long at = 0;
        for (int i = 0; i < PIECES; i++) {
            ByteBuffer piece = piece(1 + random.nextInt(4 * LEAST_DIRECT), at, shift);
            byte[] content = new byte[piece.remaining()];
            piece.get(piece.position(), content);
            at = file.write(piece, at);
            expected.write(content);
            assertThat(piece.hasRemaining()).isFalse();
            assertThat(at).isEqualTo(expected.size());
            // Read in between, so that there are pages in the cache that must not outlive what is written past it.
            assertThat(Files.readAllBytes(path)).isEqualTo(expected.toByteArray());
        }
        file.sync(false);
        file.truncate(at - 1);
        file.close();
        assertThat(Files.size(path)).isEqualTo(at - 1);
    }

    @Test
    void piecesThatLieAsInTheFile_areOneFile() throws IOException {
        writePieces(0);
    }

    @Test
    void piecesThatLieOtherwise_areOneFile() throws IOException {
        writePieces(1);
    }

    @Test
    void zerosAhead_areWrittenOver() throws IOException {
        Path path = directory.resolve("file");
        SegmentFile file = SegmentFile.create(path, LEAST_DIRECT);
        file.writeCached(ByteBuffer.allocate(256 * 1024), 0);
        ByteBuffer piece = piece(100_000, 5, 0);
        byte[] content = new byte[piece.remaining()];
        piece.get(piece.position(), content);
        file.write(piece, 5);
        file.close();
        byte[] written = Files.readAllBytes(path);
        assertThat(written).hasSize(256 * 1024).startsWith(new byte[5]);
        assertThat(Arrays.copyOfRange(written, 5, 100_005)).isEqualTo(content);
        assertThat(Arrays.copyOfRange(written, 100_005, written.length)).containsOnly(0);
    }
}
