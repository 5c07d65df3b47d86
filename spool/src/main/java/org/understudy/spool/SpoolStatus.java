package org.understudy.spool;

import java.util.List;

/** The spool at one moment. */
public record SpoolStatus(List<LaneStatus> lanes, QueueCounts counts, StoreHealth store, ReceptionCounts reception) {}
