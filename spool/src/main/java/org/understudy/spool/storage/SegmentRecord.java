package org.understudy.spool.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A record ready to be written: encoded and summed by the thread that brings it, so that the committer only copies.
 *
 * @param length octets of the payload
 * @param crc CRC32C of type and payload
 */
record SegmentRecord(byte type, List<ByteBuffer> payload, int length, int crc) {
    /** A message with its content. */
    static final byte MESSAGE = 1;
    /** What became of units of an earlier message. */
    static final byte OUTCOME = 2;
    /** A message whose content is in a file of its own, which counts only because of this record. */
    static final byte LARGE = 3;
    /** The ledger as it was when the segment was begun. */
    static final byte LEDGER = 4;

    static SegmentRecord of(byte type, List<ByteBuffer> payload) {
        CRC32C crc = begin(type);
        long length = 0;
        for (ByteBuffer part : payload) {
            length += part.remaining();
            crc.update(part.duplicate());
        }
        return new SegmentRecord(type, payload, Math.toIntExact(length), (int) crc.getValue());
    }

    static SegmentRecord of(byte type, byte[] payload) {
        return of(type, List.of(ByteBuffer.wrap(payload)));
    }

    static int checksum(byte type, byte[] payload) {
        CRC32C crc = begin(type);
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }

    private static CRC32C begin(byte type) {
        CRC32C crc = new CRC32C();
        crc.update(type);
        return crc;
    }
}
