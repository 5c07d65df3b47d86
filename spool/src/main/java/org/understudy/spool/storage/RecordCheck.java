package org.understudy.spool.storage;

import java.io.IOException;
import org.understudy.spool.QueueId;
import org.understudy.spool.storage.IndexEntry.Location;

/** Whether the record of one message is where the index says and as it says. Confined to one thread. */
final class RecordCheck implements SegmentScanner.Visitor {
    private final QueueId id;
    private final Location location;
    private boolean sound;

    RecordCheck(QueueId id, Location location) {
        this.id = id;
        this.location = location;
    }

    boolean isSound() {
        return sound;
    }

    @Override
    public void whole(byte type, long position, byte[] payload) throws IOException {
        IndexEntry entry = switch (type) {
            case SegmentRecord.MESSAGE -> MessageRecord.decodeSmall(location.segment(), position, payload);
            case SegmentRecord.LARGE -> MessageRecord.decodeLarge(location.segment(), position, payload);
            default -> throw new IOException("another record is in its place");
        };
        Location found = entry.location();
        sound = entry.stored().id().equals(id)
                && found.record() == location.record()
                && found.size() == location.size()
                && found.crc() == location.crc()
                && found.envelope() == location.envelope()
                && found.large() == location.large();
    }

    @Override
    public void damaged(long position, byte[] octets) {
        // It stays unsound.
    }

    @Override
    public void torn(long position, byte[] octets) {
        // It stays unsound.
    }
}
