package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * Payloads of the two records that accept a message. Small: length of the envelope, envelope, content. Large: size and CRC32C
 * of the content, envelope; the content is in a file of its own. Stateless.
 */
final class MessageRecord {
    /** What a small one has before its envelope. */
    static final int SMALL_BYTES = Integer.BYTES;
    /** What a large one has before its envelope. */
    static final int LARGE_BYTES = Long.BYTES + Integer.BYTES;

    private MessageRecord() {}

    /** A message with its content, not yet written. */
    static Work.Message small(StoredEnvelope stored, List<ByteBuffer> content, long size) {
        byte[] envelope = stored.encode();
        List<ByteBuffer> payload = new ArrayList<>(content.size() + 1);
        payload.add(ByteBuffer.allocate(SMALL_BYTES + envelope.length)
                .putInt(envelope.length)
                .put(envelope)
                .flip());
        payload.addAll(content);
        Location location = Location.nowhere(size, crc(content), envelope.length, false);
        return new Work.Message(SegmentRecord.of(SegmentRecord.MESSAGE, payload), new IndexEntry(stored, location));
    }

    /** A message whose content is durable in a file of its own. */
    static Work.Message large(IndexEntry entry) {
        byte[] envelope = entry.stored().encode();
        ByteBuffer payload = ByteBuffer.allocate(LARGE_BYTES + envelope.length)
                .putLong(entry.location().size())
                .putInt(entry.location().crc())
                .put(envelope)
                .flip();
        return new Work.Message(SegmentRecord.of(SegmentRecord.LARGE, List.of(payload)), entry);
    }

    private static int crc(List<ByteBuffer> content) {
        CRC32C crc = new CRC32C();
        content.forEach(piece -> crc.update(piece.duplicate()));
        return (int) crc.getValue();
    }

    /** @throws IOException if the payload is no message */
    static IndexEntry decodeSmall(long segment, long record, byte[] payload) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        int length = buffer.remaining() < SMALL_BYTES ? -1 : buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new IOException("not a message record");
        }
        int contentAt = SMALL_BYTES + length;
        StoredEnvelope stored = StoredEnvelope.decode(Arrays.copyOfRange(payload, SMALL_BYTES, contentAt));
        int crc = crc(List.of(ByteBuffer.wrap(payload, contentAt, payload.length - contentAt)));
        Location location = Location.nowhere(payload.length - (long) contentAt, crc, length, false);
        return new IndexEntry(stored, location.at(segment, record));
    }

    /** @throws IOException if the payload is no large message */
    static IndexEntry decodeLarge(long segment, long record, byte[] payload) throws IOException {
        if (payload.length < LARGE_BYTES) {
            throw new IOException("not a record of a large message");
        }
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long size = buffer.getLong();
        int crc = buffer.getInt();
        Location location = Location.nowhere(size, crc, payload.length - LARGE_BYTES, true);
        StoredEnvelope stored = StoredEnvelope.decode(Arrays.copyOfRange(payload, LARGE_BYTES, payload.length));
        return new IndexEntry(stored, location.at(segment, record));
    }
}
