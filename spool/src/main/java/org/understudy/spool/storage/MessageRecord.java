package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.understudy.spool.storage.IndexEntry.Location;

/** Payload of a message record: length of the envelope, envelope, content. Stateless. */
final class MessageRecord {
    private static final int LENGTH_BYTES = 4;

    private MessageRecord() {}

    static List<ByteBuffer> encode(byte[] envelope, List<ByteBuffer> content) {
        ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES + envelope.length);
        prefix.putInt(envelope.length).put(envelope).flip();
        List<ByteBuffer> payload = new ArrayList<>(content.size() + 1);
        payload.add(prefix);
        payload.addAll(content);
        return payload;
    }

    /** Position of the content within a payload that begins at some position. */
    static long contentPosition(long payloadPosition, byte[] envelope) {
        return payloadPosition + LENGTH_BYTES + envelope.length;
    }

    static int crc(List<ByteBuffer> content) {
        CRC32C crc = new CRC32C();
        content.forEach(piece -> crc.update(piece.duplicate()));
        return (int) crc.getValue();
    }

    /** @throws IOException if the payload is no message */
    static IndexEntry decode(long segment, long payloadPosition, byte[] payload) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        int length = buffer.remaining() < LENGTH_BYTES ? -1 : buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new IOException("not a message record");
        }
        StoredEnvelope stored = StoredEnvelope.decode(Arrays.copyOfRange(payload, LENGTH_BYTES, LENGTH_BYTES + length));
        CRC32C crc = new CRC32C();
        int contentAt = LENGTH_BYTES + length;
        crc.update(payload, contentAt, payload.length - contentAt);
        return new IndexEntry(
                stored,
                new Location(
                        payload.length - (long) contentAt, (int) crc.getValue(), segment, payloadPosition + contentAt));
    }
}
