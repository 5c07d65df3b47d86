package org.understudy.spool;

import java.time.Clock;
import org.understudy.spool.storage.SegmentStore;

/** Opens stores. */
public final class MessageStores {

    private MessageStores() {}

    /**
     * The store in a directory of its own, for one process.
     *
     * @throws SpoolException if the directory cannot be used, in one sentence for an operator
     */
    public static MessageStore embedded(StorageSettings settings, Clock clock) {
        return SegmentStore.open(settings, clock);
    }
}
