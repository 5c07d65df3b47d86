package org.understudy.spool.forwarding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneState;
import org.understudy.spool.NextHop;

/**
 * What a lane believes of its next hop, and how many may go there. Not thread-safe: guarded by its lane's dispatch.
 *
 * <p>Suspect: everybody waits a moment, until a session says whether it was an accident.
 *
 * <p>Down: everybody waits but one worker, which opens a session now and then. Coming up: that worker hands on one message by
 * itself; each success after that lets as many more workers in as have succeeded, up to the concurrency.
 *
 * <p>Frozen: everybody waits but one worker, which offers one message now and then, less and less often. The lane goes on when
 * that is accepted, or when a person says so.
 */
final class LaneCondition {
    private static final Logger LOG = LoggerFactory.getLogger(LaneCondition.class);
    /** How often a host is looked for where nobody answers at all. */
    private static final Duration LOOK_FOR_ABSENT = Duration.ofSeconds(3);
    /** When a session is opened after the first trouble in a while. */
    private static final Duration LOOK_AT_SUSPECT = Duration.ofSeconds(1);
    /** Trouble that comes back within this time is no accident. */
    private static final Duration CALM = Duration.ofMinutes(10);
    /** A frozen lane tries again after two intervals of probing, then four, and so on up to so many. */
    private static final int MOST_INTERVALS_FROZEN = 30;

    private final NextHop nextHop;
    private final ForwardingSettings settings;
    private final Clock clock;
    private final Confidence confidence = new Confidence();
    /** Never {@link LaneState#RECOVERING}, which is a way of being up. */
    private LaneState state = LaneState.UP;

    private Instant since;
    private Optional<String> lastError = Optional.empty();
    // The first session says whether the next hop is there; until then one worker is enough.
    private int allowedWorkers = 1;
    /** Up again, and not everything that was held has been offered yet. */
    private boolean backlog;

    private boolean probeNow;
    /** When a lane that is down is probed, or one that is frozen tried. */
    private long nextTry;

    private OptionalLong suspectedAt = OptionalLong.empty();
    private int intervalsFrozen;
    /** Frozen because there is no session to be had, so that a session is all that is needed. */
    private boolean refusesSessions;

    LaneCondition(NextHop nextHop, ForwardingSettings settings, Clock clock) {
        this.nextHop = nextHop;
        this.settings = settings;
        this.clock = clock;
        this.since = clock.instant();
    }

    Confidence confidence() {
        return confidence;
    }

    LaneState state() {
        boolean recovering = isUp() && (backlog || confidence.isRecovering(clock.instant()));
        return recovering ? LaneState.RECOVERING : state;
    }

    boolean isUp() {
        return state == LaneState.UP;
    }

    Instant since() {
        return since;
    }

    Optional<String> lastError() {
        return lastError;
    }

    /** Something is wrong that stops nothing; never news. */
    boolean warned(String why) {
        lastError = Optional.of(why);
        return false;
    }

    /** All that was held has been offered. */
    void nothingHeld() {
        backlog = false;
    }

    boolean letsIn(int worker) {
        return isUp() && worker < allowedWorkers;
    }

    /** True if that worker should find out now whether things have changed. */
    boolean isTimeToTry(int worker) {
        return !isUp() && worker == 0 && (probeNow || nanosToTry() <= 0);
    }

    /** A session answers the question; otherwise it takes a message. */
    boolean triesBySession() {
        return isLost() || refusesSessions;
    }

    /** Negative once it is time. */
    long nanosToTry() {
        return nextTry - System.nanoTime();
    }

    void tries() {
        probeNow = false;
    }

    /** A message is on its way to find out. */
    void triesMessage() {
        nextTry = System.nanoTime() + pilotInterval().toNanos();
    }

    /** Somebody has seen the next hop alive; false if that is no news. */
    boolean seenAlive() {
        probeNow |= isLost();
        return isLost();
    }

    /** A person vouches for the next hop; false if the lane was not frozen. */
    boolean thaw() {
        confidence.vouchedFor();
        if (state != LaneState.FROZEN) {
            return false;
        }
        LOG.info("{} is thawed", nextHop);
        goOn();
        return true;
    }

    /** A session could be opened; false if that is no news. */
    boolean reached() {
        if (!isLost() && !(state == LaneState.FROZEN && refusesSessions)) {
            return false;
        }
        LOG.info("{} is up again after {}", nextHop, Duration.between(since, clock.instant()));
        if (state == LaneState.SUSPECT) {
            goOn();
            backlog = false;
        } else {
            confidence.begin(clock.instant());
            goOn();
        }
        return true;
    }

    private boolean isLost() {
        return state == LaneState.SUSPECT || state == LaneState.DOWN;
    }

    /** The message that was to find out has come through; false if that is no news. */
    boolean pilotArrived() {
        if (state != LaneState.FROZEN) {
            return false;
        }
        LOG.info("{} takes mail again after {}", nextHop, Duration.between(since, clock.instant()));
        confidence.vouchedFor();
        goOn();
        return true;
    }

    /** Messages come through; true if more workers are let in for that. */
    boolean letsMoreIn() {
        int before = allowedWorkers;
        allowedWorkers = Math.min(settings.concurrency(), allowedWorkers * 2);
        return allowedWorkers > before;
    }

    private void goOn() {
        state = LaneState.UP;
        since = clock.instant();
        backlog = true;
        allowedWorkers = 1;
        intervalsFrozen = 0;
        refusesSessions = false;
    }

    /** The next hop says that it cannot take anything now; false if that is no news. */
    boolean lost(String why) {
        return lost(why, settings.probeInterval());
    }

    /** Nobody is there. To look whether somebody is costs a packet, and nobody is bothered by it. */
    boolean absent(String why) {
        return broke(why, shorter(settings.probeInterval(), LOOK_FOR_ABSENT));
    }

    /** A session broke, which is an accident unless it happens again; false if that is no news. */
    boolean broke(String why) {
        return broke(why, settings.probeInterval());
    }

    private boolean broke(String why, Duration probeIn) {
        long now = System.nanoTime();
        if (isUp() && isTrusted(now)) {
            lastError = Optional.of(why);
            LOG.info("{} is looked at again before it counts as down: {}", nextHop, why);
            suspectedAt = OptionalLong.of(now);
            nextTry = now + shorter(probeIn, LOOK_AT_SUSPECT).toNanos();
            stop(LaneState.SUSPECT);
            return true;
        }
        // Sessions that broke together say the same thing once.
        return (state != LaneState.SUSPECT || now - nextTry >= 0) && lost(why, probeIn);
    }

    private boolean lost(String why, Duration probeIn) {
        lastError = Optional.of(why);
        nextTry = System.nanoTime() + jittered(probeIn).toNanos();
        if (state == LaneState.DOWN) {
            return false;
        }
        LOG.warn("{} is down: {}", nextHop, why);
        Instant began = state == LaneState.SUSPECT ? since : clock.instant();
        stop(LaneState.DOWN);
        since = began;
        return true;
    }

    /** It has taken mail, and nothing went wrong for a while. */
    private boolean isTrusted(long now) {
        boolean calm = suspectedAt.isEmpty() || now - suspectedAt.getAsLong() > CALM.toNanos();
        return calm && confidence.isProven() && !confidence.isRecovering(clock.instant());
    }

    /** The next hop refuses what no message is guilty of; false if that is no news. */
    boolean freeze(String why, boolean sessions) {
        lastError = Optional.of(why);
        refusesSessions = sessions;
        intervalsFrozen = Math.min(MOST_INTERVALS_FROZEN, Math.max(1, intervalsFrozen) * 2);
        nextTry = System.nanoTime() + pilotInterval().toNanos();
        if (state == LaneState.FROZEN) {
            LOG.warn("{} is still frozen: {}", nextHop, why);
            return false;
        }
        LOG.error("{} is frozen, and its mail is held: {}", nextHop, why);
        stop(LaneState.FROZEN);
        return true;
    }

    private void stop(LaneState stopped) {
        state = stopped;
        since = clock.instant();
        probeNow = false;
    }

    private Duration pilotInterval() {
        return jittered(settings.probeInterval().multipliedBy(Math.max(1, intervalsFrozen)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration jittered(Duration interval) {
        double factor = 0.9 + 0.2 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }
}
