package org.understudy.spool.filtering;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.MessageDraft;

/**
 * Content that waits for the word of the filters: a little of it in memory while memory is there for it, else in a file that is
 * never synced, since nobody was promised anything yet. One thread at a time; must be closed.
 */
final class HeldContent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldContent.class);
    private static final int MOST_IN_MEMORY = 64 * 1024;
    private static final int PIECE = 64 * 1024;

    private final HoldingArea area;
    private @Nullable ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream out;
    private long size;

    HeldContent(HoldingArea area) {
        this.area = area;
    }

    void add(byte[] octets, int offset, int length) throws IOException {
        ByteArrayOutputStream inMemory = memory;
        if (inMemory != null
                && (size + length > MOST_IN_MEMORY || !area.memory().take(length))) {
            file = area.file();
            out = new BufferedOutputStream(Files.newOutputStream(file), PIECE);
            inMemory.writeTo(out);
            forget(inMemory);
            inMemory = null;
        }
        if (inMemory != null) {
            inMemory.write(octets, offset, length);
        } else if (out != null) {
            out.write(octets, offset, length);
        }
        size += length;
    }

    private void forget(ByteArrayOutputStream inMemory) {
        area.memory().release(inMemory.size());
        memory = null;
    }

    long size() {
        return size;
    }

    /** All of it, to be posted somewhere. */
    BodyPublisher body() throws IOException {
        if (memory != null) {
            return BodyPublishers.ofByteArray(memory.toByteArray());
        }
        flush();
        try {
            return BodyPublishers.ofFile(inFile());
        } catch (FileNotFoundException e) {
            throw new IOException("what was held is gone: " + e.getMessage(), e);
        }
    }

    /** Hands all of it over. */
    void writeTo(MessageDraft draft) throws IOException {
        if (memory != null) {
            byte[] octets = memory.toByteArray();
            draft.write(octets, 0, octets.length);
            return;
        }
        flush();
        byte[] piece = new byte[PIECE];
        try (InputStream in = Files.newInputStream(inFile())) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                draft.write(piece, 0, n);
            }
        }
    }

    private Path inFile() throws IOException {
        if (file == null) {
            throw new IOException("nothing is held any more");
        }
        return file;
    }

    private void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() {
        if (memory != null) {
            forget(memory);
        }
        try {
            if (out != null) {
                out.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} stays until the next start: {}", file, e.getMessage());
        }
        file = null;
        out = null;
    }
}
