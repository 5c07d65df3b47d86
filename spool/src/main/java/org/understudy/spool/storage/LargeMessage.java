package org.understudy.spool.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * A message in a file of its own: header (magic, format, length and CRC32C of the envelope), envelope, content, trailer (length
 * and CRC32C of the content, magic). Written by the session's thread, so that it holds up nobody else's commit.
 */
final class LargeMessage {
    private static final int MAGIC = 0x55534c4d; // "USLM"
    private static final int FORMAT = 1;
    private static final int HEADER_BYTES = 16;
    private static final int TRAILER_BYTES = 16;

    private final Path directory;
    private final Path temporary;
    private final Path file;
    private final long contentPosition;
    private final FileChannel out;
    private final CRC32C crc = new CRC32C();
    private long size;

    private LargeMessage(Path directory, Path temporary, Path file, long contentPosition, FileChannel out) {
        this.directory = directory;
        this.temporary = temporary;
        this.file = file;
        this.contentPosition = contentPosition;
        this.out = out;
    }

    static Path file(Path directory, String id) {
        return directory.resolve(id + ".msg");
    }

    static LargeMessage create(Path directory, StoredEnvelope stored) throws IOException {
        byte[] envelope = stored.encode();
        Path temporary = directory.resolve(stored.id() + ".tmp");
        FileChannel out = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                StoreDirectory.PRIVATE_FILE);
        LargeMessage message = new LargeMessage(
                directory, temporary, file(directory, stored.id().text()), HEADER_BYTES + envelope.length, out);
        CRC32C envelopeCrc = new CRC32C();
        envelopeCrc.update(envelope, 0, envelope.length);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC)
                .putInt(FORMAT)
                .putInt(envelope.length)
                .putInt((int) envelopeCrc.getValue())
                .flip();
        message.writeFully(header);
        message.writeFully(ByteBuffer.wrap(envelope));
        return message;
    }

    void add(ByteBuffer content) throws IOException {
        crc.update(content.duplicate());
        size += content.remaining();
        writeFully(content.duplicate());
    }

    /** Makes content and name durable. */
    IndexEntry finish(StoredEnvelope stored) throws IOException {
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
        trailer.putLong(size).putInt((int) crc.getValue()).putInt(MAGIC).flip();
        writeFully(trailer);
        out.force(false);
        out.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        StoreDirectory.sync(directory);
        return new IndexEntry(stored, new Location(size, (int) crc.getValue(), 0, contentPosition));
    }

    void discard() {
        try {
            out.close();
            Files.deleteIfExists(temporary);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    /** Reads a file's envelope and trailer; empty if it was not finished. */
    static Optional<IndexEntry> read(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.readInt() != MAGIC || in.readInt() > FORMAT) {
                return Optional.empty();
            }
            int length = in.readInt();
            int envelopeCrc = in.readInt();
            if (length < 0 || length > in.length()) {
                return Optional.empty();
            }
            byte[] envelope = new byte[length];
            in.readFully(envelope);
            CRC32C crc = new CRC32C();
            crc.update(envelope, 0, length);
            if ((int) crc.getValue() != envelopeCrc || in.length() < HEADER_BYTES + length + TRAILER_BYTES) {
                return Optional.empty();
            }
            in.seek(in.length() - TRAILER_BYTES);
            long size = in.readLong();
            int contentCrc = in.readInt();
            if (in.readInt() != MAGIC || size != in.length() - HEADER_BYTES - length - TRAILER_BYTES) {
                return Optional.empty();
            }
            return Optional.of(new IndexEntry(
                    StoredEnvelope.decode(envelope), new Location(size, contentCrc, 0, HEADER_BYTES + (long) length)));
        } catch (EOFException e) {
            return Optional.empty();
        }
    }
}
