package org.understudy.spool.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.smtp.RecipientReply;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * What the end of a transaction means for each unit and for the lane. Decided by reply codes, never by text (RFC 5321 section
 * 4.2.1).
 *
 * @param changes to record before anything else happens; units that are not among them keep waiting as they were
 * @param laneTrouble why the lane should stop, if it should
 * @param refused true if something was refused for good
 * @param again true if recipients are left that the next transaction may take at once
 */
record Judgement(List<UnitChange> changes, Optional<String> laneTrouble, boolean refused, boolean again) {
    /** Longer than most servers need to finish what they were doing when the connection broke. */
    private static final Duration AFTER_AMBIGUITY = Duration.ofMinutes(10);

    private static final Pattern REMOTE_ID = Pattern.compile("(?i)(?:queued as|id=|as id)\\s*<?([A-Za-z0-9._-]{3,64})");

    static Judgement of(
            TransactionResult result, List<Unit> units, Instant now, RetrySchedule retries, RandomGenerator random) {
        return switch (result.outcome()) {
            case ACCEPTED -> accepted(result, units, now, retries, random);
            case REFUSED -> refused(result, units, now, retries, random);
            case BROKEN_BEFORE_DOT -> broken(result, units, now, retries, random);
            case AMBIGUOUS -> ambiguous(result, units, now);
        };
    }

    private static Judgement accepted(
            TransactionResult result, List<Unit> units, Instant now, RetrySchedule retries, RandomGenerator random) {
        String words = result.reply().map(Reply::toString).orElse("");
        Matcher id = REMOTE_ID.matcher(words);
        String remoteId = id.find() ? id.group(1) : "";
        List<UnitChange> changes = new ArrayList<>();
        boolean again = false;
        for (int i = 0; i < units.size(); i++) {
            Unit unit = units.get(i);
            RecipientReply reply = result.recipients().get(i);
            if (reply.isAccepted()) {
                changes.add(new UnitChange(unit.number(), UnitState.FORWARDED, now, words, remoteId));
            } else if (reply.reply().filter(Judgement::isTooManyRecipients).isPresent()) {
                again = true;
            } else {
                changes.add(unaccepted(unit, reply, now, retries, random));
            }
        }
        return new Judgement(changes, Optional.empty(), anyQuarantined(changes), again);
    }

    /** RFC 5321 section 4.5.3.1.10: 452, and from older servers 552, mean that the rest goes in another transaction. */
    private static boolean isTooManyRecipients(Reply reply) {
        return reply.code() == 452 || reply.code() == 552;
    }

    private static UnitChange unaccepted(
            Unit unit, RecipientReply reply, Instant now, RetrySchedule retries, RandomGenerator random) {
        String words = reply.reply().map(Reply::toString).orElse("no reply to RCPT");
        boolean permanent = reply.reply().filter(Reply::isPermanent).isPresent();
        // A full mailbox is emptied some day.
        boolean full = reply.reply().filter(r -> r.code() == 552).isPresent();
        return permanent && !full ? quarantined(unit, words, now) : deferred(unit, words, now, retries, random);
    }

    private static Judgement refused(
            TransactionResult result, List<Unit> units, Instant now, RetrySchedule retries, RandomGenerator random) {
        String words = result.reply()
                .map(Reply::toString)
                .or(() -> result.failure().map(SmtpFailure::detail))
                .orElse("refused");
        if (result.reply().filter(r -> r.code() == 421).isPresent()) {
            return lane(result.stage() + ": " + words);
        }
        if (result.failure()
                .filter(f -> f.kind() == SmtpFailure.Kind.UNSUPPORTED)
                .isPresent()) {
            return all(units.stream().map(u -> quarantined(u, words, now)).toList());
        }
        if (result.stage() == SmtpStage.RCPT) {
            List<UnitChange> changes = new ArrayList<>();
            for (int i = 0; i < units.size(); i++) {
                changes.add(unaccepted(units.get(i), result.recipients().get(i), now, retries, random));
            }
            return all(changes);
        }
        boolean permanent = result.reply().filter(Reply::isPermanent).isPresent();
        boolean tooBig = result.reply().filter(Judgement::isTooBig).isPresent();
        if (!permanent) {
            return all(units.stream()
                    .map(u -> deferred(u, words, now, retries, random))
                    .toList());
        }
        // A 5yz to the sender or to DATA is about the path, not about the message: stop, touch nothing.
        boolean aboutPath = (result.stage() == SmtpStage.MAIL || result.stage() == SmtpStage.DATA) && !tooBig;
        return aboutPath
                ? lane(result.stage() + ": " + words)
                : all(units.stream().map(u -> quarantined(u, words, now)).toList());
    }

    private static boolean isTooBig(Reply reply) {
        return reply.code() == 552
                || reply.enhancedCode()
                        .filter(c -> c.subject() == 3 && c.detail() == 4)
                        .isPresent();
    }

    private static Judgement broken(
            TransactionResult result, List<Unit> units, Instant now, RetrySchedule retries, RandomGenerator random) {
        SmtpFailure failure =
                result.failure().orElse(SmtpFailure.of(result.stage(), SmtpFailure.Kind.IO, "the session broke"));
        if (failure.kind() == SmtpFailure.Kind.CONTENT) {
            // Ours to mend; the lane and the other messages have nothing to do with it.
            return all(units.stream()
                    .map(u -> deferred(u, failure.detail(), now, retries, random))
                    .toList());
        }
        return lane(failure.toString());
    }

    /** Delivered or not: counted as neither, tried again when the next hop has surely made up its mind (RFC 1047). */
    private static Judgement ambiguous(TransactionResult result, List<Unit> units, Instant now) {
        String words = "no reply to the final dot: "
                + result.failure().map(SmtpFailure::detail).orElse("");
        List<UnitChange> changes = units.stream()
                .map(u -> new UnitChange(u.number(), UnitState.QUEUED, now.plus(AFTER_AMBIGUITY), words, ""))
                .toList();
        return new Judgement(changes, Optional.of(words), false, false);
    }

    private static Judgement lane(String trouble) {
        return new Judgement(List.of(), Optional.of(trouble), false, false);
    }

    private static Judgement all(List<UnitChange> changes) {
        return new Judgement(changes, Optional.empty(), anyQuarantined(changes), false);
    }

    private static boolean anyQuarantined(List<UnitChange> changes) {
        return changes.stream().anyMatch(c -> c.state() == UnitState.QUARANTINED);
    }

    private static UnitChange quarantined(Unit unit, String words, Instant now) {
        return new UnitChange(unit.number(), UnitState.QUARANTINED, now, words, "");
    }

    private static UnitChange deferred(
            Unit unit, String words, Instant now, RetrySchedule retries, RandomGenerator random) {
        return new UnitChange(
                unit.number(), UnitState.QUEUED, now.plus(retries.delay(unit.attempts() + 1, random)), words, "");
    }

    /** The same, with nothing set aside: what was refused for good waits as if it had been deferred. */
    Judgement withoutQuarantine(Duration delay, Instant now) {
        List<UnitChange> kept = changes.stream()
                .map(c -> c.state() == UnitState.QUARANTINED
                        ? new UnitChange(c.number(), UnitState.QUEUED, now.plus(delay), c.reply(), "")
                        : c)
                .toList();
        return new Judgement(kept, laneTrouble, refused, again);
    }
}
