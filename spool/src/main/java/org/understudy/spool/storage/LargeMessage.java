package org.understudy.spool.storage;

import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * A message in a file of its own: header (magic, format, length and CRC32C of the envelope), envelope, content, trailer (length
 * and CRC32C of the content, magic). Written by the session's thread, so that it holds up nobody else's commit; by a stream and
 * not a channel, so that an interrupt closes nothing. It counts as accepted only when its record is in a segment.
 */
final class LargeMessage {
    private static final Logger LOG = LoggerFactory.getLogger(LargeMessage.class);
    private static final int MAGIC = 0x55534c4d; // "USLM"
    private static final int FORMAT = 1;
    /** Behind it the envelope begins. */
    static final int HEADER_BYTES = 16;

    private static final int TRAILER_BYTES = 16;

    private final Path directory;
    private final Path temporary;
    private final Path file;
    private final int envelopeBytes;
    private final FileOutputStream out;
    private final CRC32C crc = new CRC32C();
    private long size;

    private LargeMessage(Path directory, Path temporary, Path file, int envelopeBytes, FileOutputStream out) {
        this.directory = directory;
        this.temporary = temporary;
        this.file = file;
        this.envelopeBytes = envelopeBytes;
        this.out = out;
    }

    static Path file(Path directory, String id) {
        return directory.resolve(id + ".msg");
    }

    static LargeMessage create(Path directory, StoredEnvelope stored) throws IOException {
        byte[] envelope = stored.encode();
        Path temporary = directory.resolve(stored.id() + ".tmp");
        Files.createFile(temporary, StoreDirectory.PRIVATE_FILE);
        FileOutputStream out = new FileOutputStream(temporary.toFile());
        LargeMessage message = new LargeMessage(
                directory, temporary, file(directory, stored.id().text()), envelope.length, out);
        CRC32C envelopeCrc = new CRC32C();
        envelopeCrc.update(envelope, 0, envelope.length);
        try {
            message.write(ByteBuffer.allocate(HEADER_BYTES)
                    .putInt(MAGIC)
                    .putInt(FORMAT)
                    .putInt(envelope.length)
                    .putInt((int) envelopeCrc.getValue())
                    .flip());
            message.write(ByteBuffer.wrap(envelope));
            return message;
        } catch (IOException e) {
            message.discard();
            throw e;
        }
    }

    void add(ByteBuffer content) throws IOException {
        crc.update(content.duplicate());
        size += content.remaining();
        write(content);
    }

    /** Makes content and name durable. */
    IndexEntry finish(StoredEnvelope stored) throws IOException {
        write(ByteBuffer.allocate(TRAILER_BYTES)
                .putLong(size)
                .putInt((int) crc.getValue())
                .putInt(MAGIC)
                .flip());
        out.getFD().sync();
        out.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        StoreDirectory.sync(directory);
        return entry(stored, size, (int) crc.getValue(), envelopeBytes);
    }

    /** Deletes what there is of it. A file that cannot be deleted is without a record, and goes at the next start. */
    void discard() {
        try {
            out.close();
            Files.deleteIfExists(temporary);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the discarded message {} cannot be deleted: {}", file, e.getMessage());
        }
    }

    private static IndexEntry entry(StoredEnvelope stored, long size, int crc, int envelopeBytes) {
        return new IndexEntry(stored, Location.nowhere(size, crc, envelopeBytes, true));
    }

    private void write(ByteBuffer buffer) throws IOException {
        out.write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
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
            return Optional.of(entry(StoredEnvelope.decode(envelope), size, contentCrc, length));
        } catch (EOFException e) {
            return Optional.empty();
        }
    }
}
