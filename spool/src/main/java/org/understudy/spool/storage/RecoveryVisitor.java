package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the records of one segment into the index, and sets aside what cannot be read. */
record RecoveryVisitor(Index index, long segment, Path corrupt) implements SegmentScanner.Visitor {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryVisitor.class);

    /** Only walks from record to record. */
    static final SegmentScanner.Visitor COUNTING = new SegmentScanner.Visitor() {
        @Override
        public void record(byte type, long position, byte[] payload) {}

        @Override
        public void damaged(long position, byte[] payload) {}
    };

    @Override
    public void record(byte type, long position, byte[] payload) throws IOException {
        try {
            switch (type) {
                case Segment.MESSAGE -> index.recover(MessageRecord.decode(segment, position, payload));
                case Segment.OUTCOME -> index.recover(Outcome.decode(payload));
                default -> throw new IOException("record type " + type);
            }
        } catch (IOException e) {
            LOG.error("segment {} at {}: {}", segment, position, e.getMessage());
            damaged(position, payload);
        }
    }

    @Override
    public void damaged(long position, byte[] payload) throws IOException {
        Path kept = corrupt.resolve(segment + "-" + position + ".bin");
        Files.deleteIfExists(kept);
        Files.createFile(kept, StoreDirectory.PRIVATE_FILE);
        Files.write(kept, payload);
        LOG.error(
                "segment {} has a damaged record at {}; its {} octets were copied to {}",
                segment,
                position,
                payload.length,
                kept);
    }
}
