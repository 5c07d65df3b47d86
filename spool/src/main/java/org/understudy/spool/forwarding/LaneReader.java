package org.understudy.spool.forwarding;

import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.MessageStore;
import org.understudy.spool.SpoolException;

/** Reads ahead what is due for a lane, so that nobody who has a session waits for the store. On a thread of its own. */
final class LaneReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneReader.class);

    private final Lane lane;
    private final MessageStore store;
    private final Clock clock;

    LaneReader(Lane lane, MessageStore store, Clock clock) {
        this.lane = lane;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            for (Optional<LaneReading> next = lane.dispatch().awaitReading();
                    next.isPresent();
                    next = lane.dispatch().awaitReading()) {
                read(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(LaneReading reading) {
        Optional<LaneReading.Found> found = Optional.empty();
        try {
            found = Optional.of(reading.ask(store, clock.instant()));
        } catch (SpoolException e) {
            // Going on without knowing what is due would send mail twice.
            LOG.error("lane {} stops: {}", lane.nextHop(), e.getMessage());
            lane.lost("our own store: " + e.getMessage());
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nothing leaves by this lane without its reader.
            LOG.error("unforeseen in lane {}", lane.nextHop(), e);
            lane.lost("unforeseen: " + e.getClass().getSimpleName());
        } finally {
            lane.dispatch().read(reading, found);
        }
    }
}
