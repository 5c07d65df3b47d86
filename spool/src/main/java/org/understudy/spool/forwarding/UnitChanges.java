package org.understudy.spool.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * What becomes of each unit after an attempt. Nothing is bounced: what is refused for good is quarantined. Immutable.
 *
 * @param now when the attempt ended
 * @param arrival when the message came
 * @param luck from 0 to 1, one for all units: those that are due together go again in one transaction
 */
record UnitChanges(RetrySchedule retries, ForwardingPatience patience, Instant now, Instant arrival, double luck) {
    // They stand before the next hop's words in the queue: for whoever looks, and to be found again at the next
    // attempt.
    private static final String ASKED_ONCE = "refused, to be asked once more: ";
    private static final String STOPPED_LANE = "held, it stopped the lane: ";
    private static final String NOT_BELIEVED = "refused, but not believed: ";

    /** All that may stand before a reply. */
    static final List<String> PREFIXES = List.of(ASKED_ONCE, STOPPED_LANE, NOT_BELIEVED);

    private static final Pattern REMOTE_ID = Pattern.compile("(?i)(?:queued as|id=|as id)\\s*<?([A-Za-z0-9._-]{3,64})");

    /** True if the last attempt to hand it on stopped the lane. */
    static boolean hasStoppedLane(Unit unit) {
        return unit.lastReply().filter(r -> r.startsWith(STOPPED_LANE)).isPresent();
    }

    /** What to record; units that are not in it are left for the next transaction, as they were. */
    List<UnitChange> of(Judgement judgement) {
        List<UnitChange> changes = new ArrayList<>();
        for (Fate fate : judgement.fates()) {
            if (fate.why() != ReplyClass.TOO_MANY_RECIPIENTS) {
                changes.add(change(fate));
            }
        }
        return changes;
    }

    private UnitChange change(Fate fate) {
        return switch (fate.why()) {
            case ACCEPTED ->
                new UnitChange(fate.unit().number(), UnitState.FORWARDED, now, fate.words(), remoteId(fate.words()));
            case RECIPIENT -> recipient(fate);
            case MAILBOX_FULL ->
                now.isAfter(arrival.plus(patience.fullMailbox())) ? recipient(fate) : backOff(fate, "");
            case CONTENT, SENDER, CLIENT -> quarantine(fate);
            case AMBIGUOUS -> queue(fate, patience.lostReply(), "");
            case PATH -> backOff(fate, STOPPED_LANE);
            case DOUBTED -> backOff(fate, NOT_BELIEVED);
            case DEFERRED, BUSY, OUT_OF_STEP, TOO_MANY_RECIPIENTS -> backOff(fate, "");
        };
    }

    private UnitChange recipient(Fate fate) {
        boolean again =
                fate.unit().lastReply().filter(r -> r.startsWith(ASKED_ONCE)).isPresent();
        return again ? quarantine(fate) : queue(fate, patience.confirmation(), ASKED_ONCE);
    }

    private UnitChange backOff(Fate fate, String prefix) {
        return queue(fate, retries.delay(fate.unit().attempts() + 1, luck), prefix);
    }

    private UnitChange queue(Fate fate, Duration delay, String prefix) {
        return new UnitChange(fate.unit().number(), UnitState.QUEUED, now.plus(delay), prefix + fate.words(), "");
    }

    private UnitChange quarantine(Fate fate) {
        return new UnitChange(fate.unit().number(), UnitState.QUARANTINED, now, fate.words(), "");
    }

    private static String remoteId(String words) {
        Matcher id = REMOTE_ID.matcher(words);
        return id.find() ? id.group(1) : "";
    }
}
