package org.understudy.spool.forwarding;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.MessageStore;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** One session's worth of a lane, on a thread of its own. */
final class LaneWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWorker.class);
    private static final int MOST_PER_SESSION = 1000;

    private final Lane lane;
    private final int number;
    private final MessageStore store;
    private final Clock clock;
    private final Connector connector;
    private final RetrySchedule retries;
    private @Nullable SmtpSession session;
    private int sent;

    LaneWorker(Lane lane, int number, ForwardingSettings settings, MessageStore store, Clock clock) {
        this.lane = lane;
        this.number = number;
        this.store = store;
        this.clock = clock;
        this.connector = new Connector(lane.nextHop(), settings);
        this.retries = new RetrySchedule(settings.minimumBackoff(), settings.maximumBackoff());
    }

    @Override
    public void run() {
        try {
            while (step()) {
                // Each step waits for its own work.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeSession();
        }
    }

    private boolean step() throws InterruptedException {
        try {
            Lane.Task task = lane.next(number, session != null);
            if (task instanceof Lane.Task.Forward forward) {
                try {
                    forward(forward.message());
                } finally {
                    lane.done(forward.message());
                }
            } else if (task instanceof Lane.Task.Probe) {
                connect();
            } else {
                closeSession();
            }
            return !(task instanceof Lane.Task.Stop);
        } catch (SpoolException e) {
            // The store cannot say what is due or take what became of it; going on would send mail twice.
            LOG.error("lane {} stops: {}", lane.nextHop(), e.getMessage());
            lane.lost("our own store: " + e.getMessage());
            return true;
        } catch (RuntimeException e) {
            LOG.error("unforeseen in lane {}", lane.nextHop(), e);
            lane.lost("unforeseen: " + e.getClass().getSimpleName());
            closeSession();
            return true;
        }
    }

    private Optional<SmtpSession> connect() {
        Connector.Connection connection = connector.connect();
        if (connection.session().isEmpty()) {
            lane.lost(connection.trouble());
            return Optional.empty();
        }
        SmtpSession opened = connection.session().get();
        session = opened;
        sent = 0;
        lane.reached(opened.capabilities());
        return connection.session();
    }

    private void forward(QueuedMessage message) {
        List<Unit> left = new ArrayList<>(message.units());
        while (!left.isEmpty()) {
            SmtpSession open = session;
            Optional<SmtpSession> usable = open == null ? connect() : Optional.of(open);
            if (usable.isEmpty()) {
                return;
            }
            if (!offer(usable.get(), message, left)) {
                return;
            }
        }
    }

    /** One transaction. True if some recipients are left that may be offered at once. */
    private boolean offer(SmtpSession open, QueuedMessage message, List<Unit> units) {
        Envelope envelope = new Envelope(
                message.reversePath(),
                message.parameters(),
                units.stream().map(Unit::recipient).toList());
        TransactionResult result = open.send(envelope, store.content(message.id()), TransactionObserver.NONE);
        Judgement judgement = Judgement.of(result, units, clock.instant(), retries, ThreadLocalRandom.current());
        if (judgement.refused()
                && lane.doubtsRefusal(result.reply().map(Object::toString).orElse("refused"))) {
            judgement = judgement.withoutQuarantine(retries.minimum(), clock.instant());
        }
        if (!judgement.changes().isEmpty()) {
            store.record(message.id(), judgement.changes());
        }
        report(message, judgement);
        sent++;
        if (!result.sessionUsable() || sent >= MOST_PER_SESSION) {
            closeSession();
        }
        judgement.laneTrouble().ifPresent(lane::lost);
        List<Integer> settled =
                judgement.changes().stream().map(UnitChange::number).toList();
        units.removeIf(unit -> settled.contains(unit.number()));
        return judgement.again() && judgement.laneTrouble().isEmpty();
    }

    private void report(QueuedMessage message, Judgement judgement) {
        int forwarded = 0;
        for (UnitChange change : judgement.changes()) {
            if (change.state() == UnitState.FORWARDED) {
                forwarded++;
            } else {
                LOG.info("{}: recipient {} {}: {}", message.id(), change.number(), change.state(), change.reply());
            }
        }
        if (forwarded > 0) {
            LOG.info(
                    "{}: forwarded to {} nrcpt={}: {}",
                    message.id(),
                    lane.nextHop(),
                    forwarded,
                    judgement.changes().get(0).reply());
            lane.forwarded(forwarded);
        }
    }

    private void closeSession() {
        SmtpSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
