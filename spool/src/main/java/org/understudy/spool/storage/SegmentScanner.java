package org.understudy.spool.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.understudy.spool.SpoolException;

/** Reads a segment from some position to its end, record by record, at recovery. */
final class SegmentScanner {

    /** Sees each record that is whole. */
    interface Visitor {
        /**
         * A record whose checksum is right.
         *
         * @param position of the first octet of the payload
         * @throws IOException if the payload makes no sense although its checksum is right
         */
        void record(byte type, long position, byte[] payload) throws IOException;

        /** A record whose checksum is wrong, with whole records behind it. */
        void damaged(long position, byte[] payload) throws IOException;
    }

    private SegmentScanner() {}

    /**
     * Visits the records.
     *
     * @param from where a record begins, 0 for the beginning
     * @return where the last whole record ends; what lies behind it was torn and never acknowledged
     */
    static long scan(Path file, long from, Visitor visitor) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < Segment.HEADER_BYTES) {
                return 0;
            }
            int magic = in.readInt();
            int format = in.readInt();
            if (magic == 0 && format == 0) {
                return 0;
            }
            if (magic != Segment.MAGIC || format < 1) {
                throw new IOException("not a segment");
            }
            if (format > Segment.FORMAT) {
                throw new SpoolException("The spool segment " + file + " has format " + format
                        + ", made by a newer version: run that version, or one that is newer still.");
            }
            return records(in, Math.max(from, Segment.HEADER_BYTES), visitor);
        }
    }

    private static long records(RandomAccessFile in, long from, Visitor visitor) throws IOException {
        long end = from;
        long at = from;
        while (at + Segment.RECORD_HEADER_BYTES <= in.length()) {
            in.seek(at);
            int length = in.readInt();
            int crc = in.readInt();
            byte type = in.readByte();
            long payloadAt = at + Segment.RECORD_HEADER_BYTES;
            if (length <= 0 || payloadAt + length > in.length()) {
                return end;
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            at = payloadAt + length;
            if (checksum(type, payload) == crc) {
                visitor.record(type, payloadAt, payload);
                end = at;
            } else if (isWholeAt(in, at)) {
                visitor.damaged(payloadAt, payload);
                end = at;
            } else {
                return end;
            }
        }
        return end;
    }

    /** A bad record followed by a good one is damage; followed by nothing it is the torn end. */
    private static boolean isWholeAt(RandomAccessFile in, long at) throws IOException {
        if (at + Segment.RECORD_HEADER_BYTES > in.length()) {
            return false;
        }
        in.seek(at);
        int length = in.readInt();
        int crc = in.readInt();
        byte type = in.readByte();
        if (length <= 0 || at + Segment.RECORD_HEADER_BYTES + length > in.length()) {
            return false;
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return checksum(type, payload) == crc;
    }

    private static int checksum(byte type, byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }
}
