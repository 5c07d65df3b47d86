package org.understudy.probes;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How servers have been answering, from run to run. Thread-safe. */
public interface HostHistory {
    /** So many changes are kept of each server. */
    int KEPT = 30;

    /** How a server answers. */
    enum State {
        /** It takes mail. */
        ANSWERING,
        /** It puts sessions off with 4yz. */
        DEFERRING,
        /** It answers, and takes no mail for anybody. */
        HALF_UP,
        /** There is no session with it. */
        SILENT
    }

    /** From this moment on a server was in this state. */
    record Change(Instant at, State state) {}

    /** The last changes of a server, by the id of the probe that sees it, oldest first; empty if it was never looked at. */
    List<Change> changes(String probeId);

    /** Adds a change that is newer than all others. */
    void add(String probeId, Change change);

    /** Forgets everything when the process ends. */
    static HostHistory inMemory() {
        Map<String, Deque<Change>> kept = new ConcurrentHashMap<>();
        return new HostHistory() {
            @Override
            public List<Change> changes(String probeId) {
                Deque<Change> changes = kept.getOrDefault(probeId, new ArrayDeque<>());
                synchronized (changes) {
                    return List.copyOf(changes);
                }
            }

            @Override
            public void add(String probeId, Change change) {
                Deque<Change> changes = kept.computeIfAbsent(probeId, id -> new ArrayDeque<>());
                synchronized (changes) {
                    changes.addLast(change);
                    while (changes.size() > KEPT) {
                        changes.removeFirst();
                    }
                }
            }
        };
    }
}
