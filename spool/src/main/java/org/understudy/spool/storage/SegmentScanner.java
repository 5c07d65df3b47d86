package org.understudy.spool.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.understudy.spool.SpoolException;

/** Reads a segment from some position to its end, record by record. Confined to one thread. */
final class SegmentScanner implements AutoCloseable {
    private static final int MARK_BYTES = Long.BYTES;
    private static final int WINDOW = 64 * 1024;

    /** Sees each record that is whole, and what lies between them. */
    interface Visitor {
        /** A record whose checksum is right; {@code position} is of the first octet of the payload. */
        void whole(byte type, long position, byte[] payload) throws IOException;

        /** Something unreadable, with whole records behind it. */
        void damaged(long position, byte[] octets) throws IOException;

        /** Something unreadable with nothing but zeros behind it: what was being written when the process or machine died. */
        void torn(long position, byte[] octets) throws IOException;
    }

    private final RandomAccessFile in;
    private final long length;
    private final Visitor visitor;
    private long mark;

    private SegmentScanner(RandomAccessFile in, long to, Visitor visitor) throws IOException {
        this.in = in;
        this.length = Math.min(in.length(), to);
        this.visitor = visitor;
    }

    /**
     * Visits the records.
     *
     * @param from where a record begins, 0 for the beginning
     * @return where the last whole record ends; 0 if the segment was never begun
     * @throws IOException if it cannot be read, or is no segment
     */
    static long scan(Path file, long from, Visitor visitor) throws IOException {
        return scan(file, from, Long.MAX_VALUE, visitor);
    }

    /**
     * The same for a part, as if the segment ended with it.
     *
     * @param to where a record ends
     */
    static long scan(Path file, long from, long to, Visitor visitor) throws IOException {
        try (SegmentScanner scanner = new SegmentScanner(new RandomAccessFile(file.toFile(), "r"), to, visitor)) {
            return scanner.header(file) ? scanner.records(Math.max(from, Segment.HEADER_BYTES)) : 0;
        }
    }

    private boolean header(Path file) throws IOException {
        if (length < Segment.HEADER_BYTES) {
            return false;
        }
        int magic = in.readInt();
        int format = in.readInt();
        in.readLong();
        mark = in.readLong();
        if (magic == 0 && format == 0 && endOfContent(0) == 0) {
            return false;
        }
        if (magic != Segment.MAGIC || format < 1) {
            throw new IOException("not a segment");
        }
        if (format > Segment.FORMAT) {
            throw new SpoolException("The spool segment " + file + " has format " + format
                    + ", made by a newer version: run that version, or one that is newer still.");
        }
        if (format < Segment.FORMAT) {
            throw new SpoolException("The spool segment " + file + " has format " + format
                    + ", which this version cannot read: run the version that made it until its queue is empty.");
        }
        return true;
    }

    private long records(long from) throws IOException {
        long end = from;
        while (true) {
            long next = recordAt(end);
            if (next < 0) {
                long found = findRecord(end + 1);
                if (found < 0) {
                    leftover(end);
                    return end;
                }
                visitor.damaged(end, read(end, found));
                next = found;
            }
            end = next;
        }
    }

    /** Visits the record that begins here, and says where it ends; negative if there is none. */
    private long recordAt(long at) throws IOException {
        byte[] payload = payloadAt(at);
        if (payload == null) {
            return -1;
        }
        long payloadAt = at + Segment.RECORD_HEADER_BYTES;
        visitor.whole(typeAt(at), payloadAt, payload);
        return payloadAt + payload.length;
    }

    private byte typeAt(long at) throws IOException {
        in.seek(at + Segment.RECORD_HEADER_BYTES - 1);
        return in.readByte();
    }

    private byte @org.jspecify.annotations.Nullable [] payloadAt(long at) throws IOException {
        if (at + Segment.RECORD_HEADER_BYTES > length) {
            return null;
        }
        byte[] header = read(at, at + Segment.RECORD_HEADER_BYTES);
        ByteBuffer fields = ByteBuffer.wrap(header);
        long foundMark = fields.getLong();
        int size = fields.getInt();
        int crc = fields.getInt();
        byte type = fields.get();
        long payloadAt = at + Segment.RECORD_HEADER_BYTES;
        if (foundMark != mark || size < 0 || payloadAt + size > length) {
            return null;
        }
        byte[] payload = read(payloadAt, payloadAt + size);
        return SegmentRecord.checksum(type, payload) == crc ? payload : null;
    }

    /** The next place at or behind this one where a whole record begins; negative if there is none. */
    private long findRecord(long from) throws IOException {
        for (long at = from; at + Segment.RECORD_HEADER_BYTES <= length; at += WINDOW) {
            byte[] window = read(at, Math.min(length, at + WINDOW + MARK_BYTES - 1));
            ByteBuffer buffer = ByteBuffer.wrap(window);
            for (int i = 0; i + MARK_BYTES <= window.length; i++) {
                if (buffer.getLong(i) == mark && payloadAt(at + i) != null) {
                    return at + i;
                }
            }
        }
        return -1;
    }

    private void leftover(long end) throws IOException {
        long to = endOfContent(end);
        if (to > end) {
            visitor.torn(end, read(end, to));
        }
    }

    /** Where the zeros begin that reach to the end of the file. */
    private long endOfContent(long from) throws IOException {
        for (long to = length; to > from; ) {
            long start = Math.max(from, to - WINDOW);
            byte[] window = read(start, to);
            for (int i = window.length - 1; i >= 0; i--) {
                if (window[i] != 0) {
                    return start + i + 1;
                }
            }
            to = start;
        }
        return from;
    }

    private byte[] read(long from, long to) throws IOException {
        byte[] octets = new byte[Math.toIntExact(to - from)];
        in.seek(from);
        in.readFully(octets);
        return octets;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
