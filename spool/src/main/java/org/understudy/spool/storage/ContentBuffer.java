package org.understudy.spool.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Content of a small message on its way in, in pieces, so that growing copies nothing. Confined to one thread. */
final class ContentBuffer {
    private static final int FIRST_PIECE = 4 * 1024;
    private static final int LARGEST_PIECE = 64 * 1024;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long size;

    void add(byte[] octets, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            ByteBuffer last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (last == null || !last.hasRemaining()) {
                last = ByteBuffer.allocate(last == null ? FIRST_PIECE : Math.min(LARGEST_PIECE, 2 * last.capacity()));
                pieces.add(last);
            }
            int n = Math.min(left, last.remaining());
            last.put(octets, from, n);
            from += n;
            left -= n;
        }
        size += length;
    }

    long size() {
        return size;
    }

    /** The content, ready to be read. */
    List<ByteBuffer> read() {
        return pieces.stream().map(p -> p.duplicate().flip()).toList();
    }
}
