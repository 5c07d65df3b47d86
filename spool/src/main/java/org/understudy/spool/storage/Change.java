package org.understudy.spool.storage;

import java.util.List;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;

/** Changes of the units of one message. */
record Change(QueueId id, List<UnitChange> units) {
    Change {
        units = List.copyOf(units);
    }
}
