package org.understudy.spool.forwarding;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.ClientIdentity;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.FollowUp;
import org.understudy.smtp.RecipientReply;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.ForwardingPatience;
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
    private static final int SERVICE_CLOSING = 421;
    /** Where a message can break a session by what is in it. */
    private static final Set<SmtpStage> BY_CONTENT = EnumSet.of(SmtpStage.CONTENT, SmtpStage.DOT);

    private final Lane lane;
    private final int number;
    private final MessageStore store;
    private final Outcomes outcomes;
    private final RecipientObserver observer;
    private final Clock clock;
    private final Connector connector;
    private final RetrySchedule retries;
    private final ForwardingPatience patience;
    private @Nullable SmtpSession session;
    private List<Pattern> ourselves = List.of();
    private int sent;
    /** Taken while the one before was handed on; its envelope went out with the end of that one. */
    private @Nullable QueuedMessage ahead;

    LaneWorker(
            Lane lane,
            int number,
            ForwardingSettings settings,
            MessageStore store,
            Outcomes outcomes,
            RecipientObserver observer,
            Clock clock) {
        this.lane = lane;
        this.number = number;
        this.store = store;
        this.outcomes = outcomes;
        this.observer = observer;
        this.clock = clock;
        this.connector = new Connector(lane.nextHop(), settings);
        this.retries = new RetrySchedule(settings.minimumBackoff(), settings.maximumBackoff());
        this.patience = settings.patience();
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
            outcomes.await();
        }
    }

    private boolean step() throws InterruptedException {
        try {
            if (ahead != null) {
                goAhead(ahead);
                return true;
            }
            LaneTask task = lane.dispatch().next(number, session != null);
            if (task instanceof LaneTask.Forward forward) {
                forward(forward.message(), forward.pilot());
            } else if (task instanceof LaneTask.Probe) {
                outcomes.recordAgain();
                connect();
            } else {
                closeSession();
            }
            return !(task instanceof LaneTask.Stop);
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

    /** The envelope of this message is with the next hop already, unless the session has ended meanwhile. */
    private void goAhead(QueuedMessage message) {
        ahead = null;
        if (lane.dispatch().goesOn(number)) {
            forward(message, false);
        } else {
            lane.done(message.id());
            closeSession();
        }
    }

    private Optional<SmtpSession> connect() {
        Connector.Connection connection = connector.connect(lane.pipelining());
        if (connection.session().isEmpty()) {
            if (connection.refused()) {
                lane.freeze(connection.trouble(), true);
            } else if (connection.absent()) {
                lane.absent(connection.trouble());
            } else {
                lane.lost(connection.trouble());
            }
            return Optional.empty();
        }
        SmtpSession opened = connection.session().get();
        session = opened;
        sent = 0;
        ourselves = connector.ourselves(opened);
        lane.reached(opened.capabilities());
        return connection.session();
    }

    /** Does not wait for the last outcome to be durable; until all are, nobody else gets the message. */
    private void forward(QueuedMessage message, boolean pilot) {
        List<Unit> left = new ArrayList<>(message.units());
        CompletableFuture<Void> recorded = CompletableFuture.completedFuture(null);
        try {
            boolean again = true;
            while (again && !left.isEmpty()) {
                Optional<SmtpSession> usable = sessionFor(message);
                if (usable.isEmpty()) {
                    return;
                }
                Offered offered = offer(usable.get(), message, left, pilot);
                recorded = CompletableFuture.allOf(recorded, offered.recorded());
                again = offered.again();
            }
        } finally {
            CompletableFuture<Void> unused = recorded.thenRun(() -> lane.done(message.id()));
        }
    }

    /** A session in which the next hop takes us for the client that brought the message, or at least for nobody else. */
    private Optional<SmtpSession> sessionFor(QueuedMessage message) {
        boolean named = lane.xclient().isOn();
        while (true) {
            SmtpSession known = session;
            Optional<SmtpSession> usable = known == null ? connect() : Optional.of(known);
            if (usable.isEmpty()) {
                return usable;
            }
            SmtpSession open = usable.get();
            Optional<ClientIdentity> client =
                    named ? Optional.of(message.origin().identity()) : Optional.empty();
            if (open.client().equals(client) || (open.client().isEmpty() && !open.takesClient())) {
                return usable;
            }
            if (named && open.takesClient()) {
                Optional<SmtpFailure> failure = open.speakFor(client.get());
                if (failure.isEmpty()) {
                    lane.xclient().accepted();
                    return usable;
                }
                named = !isAboutClient(failure.get());
            }
            closeSession();
        }
    }

    /** A session that has carried mail may have ended by itself; what else goes wrong with XCLIENT goes without it. */
    private boolean isAboutClient(SmtpFailure failure) {
        boolean refused =
                failure.reply().filter(r -> r.code() != SERVICE_CLOSING).isPresent();
        if (!refused && sent > 0) {
            return false;
        }
        if (lane.xclient().refused()) {
            lane.warn("does not let us name the clients of messages, which go as ours: " + failure);
        }
        return true;
    }

    /**
     * What one transaction came to.
     *
     * @param again true if some recipients are left that may be offered at once
     */
    private record Offered(CompletableFuture<Void> recorded, boolean again) {
        static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);
    }

    /** One transaction. */
    private Offered offer(SmtpSession open, QueuedMessage message, List<Unit> units, boolean pilot) {
        Envelope envelope = envelope(message, units);
        ReplyRules rules = lane.rules(ourselves, open.client().isPresent());
        TransactionResult result = open.send(envelope, store.content(message.id()), new AtTheEnd(message, pilot));
        if (sent > 0 && endedBetweenMessages(result)) {
            closeSession();
            return new Offered(Offered.NOTHING, true);
        }
        sent++;
        // Recipients of notices are no recipients of the domains that we take mail for, whatever the way out says of
        // them.
        RecipientAnswer.tell(
                message.origin().isNotice() ? RecipientObserver.NONE : observer, lane.nextHop(), result, rules);
        Judgement judgement = lane.weigh(Judgement.of(result, units, rules), message.reversePath(), pilot);
        List<UnitChange> changes = changes(message, judgement);
        CompletableFuture<Void> recorded = changes.isEmpty() ? Offered.NOTHING : outcomes.record(message.id(), changes);
        report(message, changes, pilot && !judgement.freezes());
        if (!result.sessionUsable() || sent >= MOST_PER_SESSION) {
            closeSession();
        }
        List<Integer> settled = changes.stream().map(UnitChange::number).toList();
        units.removeIf(unit -> settled.contains(unit.number()));
        return new Offered(recorded, !tellLane(message, result, judgement) && judgement.has(ReplyClass.ACCEPTED));
    }

    private static Envelope envelope(QueuedMessage message, List<Unit> units) {
        return new Envelope(
                message.reversePath(),
                message.parameters(),
                units.stream().map(Unit::recipient).toList());
    }

    /** Takes note that the end of a message goes out, and takes the next one, so that its envelope can go with it. */
    private final class AtTheEnd implements TransactionObserver {
        private final QueuedMessage message;
        private final boolean pilot;

        AtTheEnd(QueuedMessage message, boolean pilot) {
            this.message = message;
            this.pilot = pilot;
        }

        @Override
        public void beforeFinalDot() {
            lane.sending(message.id());
        }

        @Override
        public Optional<FollowUp> followUp(List<RecipientReply> recipients) {
            // A recipient that was not taken may have to go again at once.
            boolean whole = recipients.stream().allMatch(RecipientReply::isAccepted);
            if (pilot || !whole || sent + 2 > MOST_PER_SESSION) {
                return Optional.empty();
            }
            Optional<QueuedMessage> next = lane.dispatch().takeAhead(number);
            if (next.filter(this::fits).isEmpty()) {
                next.ifPresent(other -> lane.dispatch().putBack(other));
                return Optional.empty();
            }
            ahead = next.get();
            return next.map(m -> new FollowUp(envelope(m, m.units()), m.size()));
        }

        /** The session speaks for one client at a time. */
        private boolean fits(QueuedMessage next) {
            SmtpSession open = session;
            return open != null
                    && (open.client().isEmpty()
                            || open.client().get().equals(next.origin().identity()))
                    && !(open.client().isEmpty()
                            && open.takesClient()
                            && lane.xclient().isOn());
        }
    }

    /** A server may end a session that has carried mail, for its own reasons: what came too late for it has cost nothing. */
    private static boolean endedBetweenMessages(TransactionResult result) {
        boolean closed = result.failure()
                .filter(f -> f.kind() == SmtpFailure.Kind.CLOSED)
                .isPresent();
        boolean closing =
                result.reply().filter(r -> r.code() == SERVICE_CLOSING).isPresent();
        return result.stage() == SmtpStage.MAIL && (closed || closing);
    }

    private List<UnitChange> changes(QueuedMessage message, Judgement judgement) {
        List<UnitChange> changes = new UnitChanges(
                        retries,
                        patience,
                        clock.instant(),
                        message.origin().arrival(),
                        ThreadLocalRandom.current().nextDouble())
                .of(judgement);
        // RFC 5321 section 6.1: nobody is told that somebody could not be told.
        return message.origin().isNotice()
                ? changes.stream().map(UnitChange::discardedIfRefused).toList()
                : changes;
    }

    /** True if the lane does not go on as it did. */
    private boolean tellLane(QueuedMessage message, TransactionResult result, Judgement judgement) {
        boolean ambiguous = judgement.has(ReplyClass.AMBIGUOUS);
        if (ambiguous) {
            lane.ambiguous();
        }
        if (judgement.freezes()) {
            lane.freeze(judgement.sample(), false);
        } else if (judgement.garbled()) {
            lane.garbled(judgement.sample());
        } else if (ambiguous || judgement.has(ReplyClass.BUSY)) {
            if (result.reply().isPresent()) {
                lane.lost(judgement.sample());
            } else if (BY_CONTENT.contains(result.stage())) {
                lane.brokeUnder(message.id(), judgement.sample());
            } else {
                lane.broke(judgement.sample());
            }
        } else if (judgement.has(ReplyClass.OUT_OF_STEP)) {
            lane.warn(judgement.sample());
        } else {
            return false;
        }
        return true;
    }

    private void report(QueuedMessage message, List<UnitChange> changes, boolean pilot) {
        int forwarded = 0;
        for (UnitChange change : changes) {
            if (change.state() == UnitState.FORWARDED) {
                forwarded++;
            } else {
                LOG.info("{}: recipient {} {}: {}", message.id(), change.number(), change.state(), change.reply());
            }
        }
        if (forwarded > 0) {
            String reply = changes.stream()
                    .filter(c -> c.state() == UnitState.FORWARDED)
                    .findFirst()
                    .orElseThrow()
                    .reply();
            LOG.info("{}: forwarded to {} nrcpt={}: {}", message.id(), lane.nextHop(), forwarded, reply);
            lane.forwarded(message.id(), forwarded, pilot);
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
