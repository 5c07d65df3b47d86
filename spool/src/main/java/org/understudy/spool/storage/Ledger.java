package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The counters that only grow. Each segment begins with them, so that they survive the loss of the index.
 *
 * @param accepted units, ever
 * @param forwarded units, ever
 * @param lastId number of the newest queue id
 */
record Ledger(long accepted, long forwarded, long lastId) {
    static final Ledger EMPTY = new Ledger(0, 0, 0);
    private static final int BYTES = 3 * Long.BYTES;

    SegmentRecord segmentRecord() {
        byte[] payload = ByteBuffer.allocate(BYTES)
                .putLong(accepted)
                .putLong(forwarded)
                .putLong(lastId)
                .array();
        return SegmentRecord.of(SegmentRecord.LEDGER, payload);
    }

    /** @throws IOException if the payload is no ledger */
    static Ledger decode(byte[] payload) throws IOException {
        if (payload.length != BYTES) {
            throw new IOException("not a ledger");
        }
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        return new Ledger(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
