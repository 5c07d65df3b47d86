package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The counters that only grow. Each segment begins with them, so that they survive the loss of the index.
 *
 * @param accepted units, ever, as are {@code forwarded}, {@code discarded} and {@code returned}
 * @param lastId number of the newest queue id
 */
record Ledger(long accepted, long forwarded, long discarded, long returned, long lastId) {
    static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0);
    /** Of {@link #of}. */
    static final String COLUMNS = "accepted, forwarded, discarded, returned, last_id";

    /** As it was before anything but forwarding could end a unit. */
    private static final int BYTES_OF_OLD = 3 * Long.BYTES;

    private static final int BYTES = 5 * Long.BYTES;

    /** From columns of the names in {@link #COLUMNS}. */
    static Ledger of(ResultSet row) throws SQLException {
        return new Ledger(
                row.getLong("accepted"),
                row.getLong("forwarded"),
                row.getLong("discarded"),
                row.getLong("returned"),
                row.getLong("last_id"));
    }

    SegmentRecord segmentRecord() {
        byte[] payload = ByteBuffer.allocate(BYTES)
                .putLong(accepted)
                .putLong(forwarded)
                .putLong(lastId)
                .putLong(discarded)
                .putLong(returned)
                .array();
        return SegmentRecord.of(SegmentRecord.LEDGER, payload);
    }

    /** @throws IOException if the payload is no ledger */
    static Ledger decode(byte[] payload) throws IOException {
        if (payload.length != BYTES && payload.length != BYTES_OF_OLD) {
            throw new IOException("not a ledger");
        }
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        long accepted = buffer.getLong();
        long forwarded = buffer.getLong();
        long lastId = buffer.getLong();
        boolean old = payload.length == BYTES_OF_OLD;
        return new Ledger(accepted, forwarded, old ? 0 : buffer.getLong(), old ? 0 : buffer.getLong(), lastId);
    }
}
