package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.LearnedRecipient.Standing;
import org.understudy.spool.LearnedRecipient.Testimony;
import org.understudy.spool.NextHop;
import org.understudy.spool.PrimaryState;
import org.understudy.spool.RecipientDecision;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;
import org.understudy.spool.forwarding.RecipientAnswer;

/**
 * What is said to the recipients of one domain, from what is known of them. Asks nobody and changes nothing, except what
 * {@link #learn} is told. Thread-safe.
 */
final class DomainDirectory {
    private static final String POSTMASTER = "postmaster";
    /** RFC 3463 section 3.3 */
    private static final int MAILBOX_STATUS = 2;
    /** Whether any recipient is taken is tried anew after this. */
    private static final Duration CATCH_ALL_TRIED = Duration.ofHours(24);
    /** What was heard so long ago is worth being heard again, before it is forgotten. */
    private static final Duration STALE = Duration.ofDays(7);

    private static final Duration DOUBT_IS_OLD = Duration.ofHours(1);

    private final DomainName domain;
    private final NextHop nextHop;
    private final RecipientSettings settings;
    private final Optional<ListFile> list;
    private final LearnedRecipients learned;
    private final DeferredRecipients deferred;
    private final RefusalGuard guard;

    DomainDirectory(
            DomainName domain,
            NextHop nextHop,
            RecipientSettings settings,
            LearnedRecipients learned,
            DeferredRecipients deferred,
            RefusalGuard guard) {
        this.domain = domain;
        this.nextHop = nextHop;
        this.settings = settings;
        this.list = settings.list().map(file -> new ListFile(file, domain));
        this.learned = learned;
        this.deferred = deferred;
        this.guard = guard;
    }

    DomainName domain() {
        return domain;
    }

    /** The configured one. */
    NextHop nextHop() {
        return nextHop;
    }

    RecipientSettings settings() {
        return settings;
    }

    /** Reads the list again if it has changed. */
    void renew(Instant now) {
        list.ifPresent(l -> l.renew(now));
    }

    /** The decision, if nobody has to be asked for it. */
    Optional<RecipientDecision> fromMemory(ForwardPath recipient, PrimaryState primary, Instant now) {
        if (recipient.localPart().toLowerCase(Locale.ROOT).equals(POSTMASTER)) {
            return Optional.of(RecipientDecision.accept("postmaster is always taken (RFC 5321 section 4.5.1)"));
        }
        return fromDeferred(recipient, primary, now)
                .or(() -> fromList(recipient, now))
                .or(() -> fromLearned(recipient, now))
                .or(() -> fromCompleteList(now))
                .or(() -> fromCatchAll(primary, now));
    }

    private Optional<RecipientDecision> fromList(ForwardPath recipient, Instant now) {
        return list.filter(l -> l.contains(recipient.localPart()))
                .map(l -> RecipientDecision.accept("on " + l.words(now)));
    }

    private Optional<RecipientDecision> fromLearned(ForwardPath recipient, Instant now) {
        return learned.find(recipient).flatMap(entry -> switch (standing(entry, now)) {
            case KNOWN -> entry.taken().map(taken -> RecipientDecision.accept("learned valid " + words(taken, now)));
            case REFUSED ->
                entry.refused()
                        .filter(refused ->
                                entry.localPart().equals(recipient.localPart()) && guard.believes(refused.at(), now))
                        .map(refused -> RecipientDecision.refuse(
                                DirectoryReplies.NO_SUCH_RECIPIENT, "learned invalid " + words(refused, now)));
            case EXPIRED -> Optional.empty();
        });
    }

    private static String words(Testimony testimony, Instant now) {
        return Ages.ago(testimony.at(), now) + ": " + testimony.words();
    }

    private Standing standing(LearnedRecipient entry, Instant now) {
        return entry.standing(now, settings.knownFor(), settings.refusedFor());
    }

    /** Only after what was learned: whom the primary takes is a recipient, whatever a list leaves out. */
    private Optional<RecipientDecision> fromCompleteList(Instant now) {
        return list.filter(l -> settings.complete() && l.isAvailable())
                .map(l -> RecipientDecision.refuse(
                        DirectoryReplies.NO_SUCH_RECIPIENT, "not on " + l.words(now) + ", which is complete"));
    }

    private Optional<RecipientDecision> fromDeferred(ForwardPath recipient, PrimaryState primary, Instant now) {
        return primary == PrimaryState.UP
                ? deferred.find(recipient, now)
                        .map(d -> RecipientDecision.refuse(
                                DirectoryReplies.sameAs(d.answer().reply()),
                                "the primary puts it off: " + Ages.ago(d.at(), now) + " "
                                        + d.answer().words()))
                : Optional.empty();
    }

    private Optional<RecipientDecision> fromCatchAll(PrimaryState primary, Instant now) {
        Duration believed = primary == PrimaryState.DOWN || !settings.callout() ? settings.knownFor() : CATCH_ALL_TRIED;
        return catchAll(believed, now)
                .filter(CatchAll::takesAll)
                .map(c -> RecipientDecision.accept(
                        "the next hop takes any recipient of " + domain + ", tried " + Ages.ago(c.checked(), now)));
    }

    private Optional<CatchAll> catchAll(Duration believed, Instant now) {
        return learned.catchAll(domain).filter(c -> now.isBefore(c.checked().plus(believed)));
    }

    /** True if the next hop should be asked for a recipient that is not known. */
    boolean mayAsk(ForwardPath recipient, PrimaryState primary) {
        // Without SMTPUTF8, which a callout does not use, others cannot be asked for.
        return settings.callout()
                && primary != PrimaryState.DOWN
                && recipient.localPart().chars().allMatch(c -> c < 0x80);
    }

    /** True if asking should try as well whether any recipient is taken. */
    boolean wantsRandom(Instant now) {
        return catchAll(CATCH_ALL_TRIED, now).isEmpty();
    }

    /** True if a recipient that is known should be asked for again meanwhile, before that is forgotten. */
    boolean isStale(ForwardPath recipient, Instant now) {
        return learned.find(recipient)
                .filter(entry -> standing(entry, now) == Standing.KNOWN)
                .filter(entry -> !now.isBefore(entry.latest().plus(STALE))
                        || entry.doubtedSince()
                                .filter(since -> !now.isBefore(since.plus(DOUBT_IS_OLD)))
                                .isPresent())
                .isPresent();
    }

    /** True if it depends on the sender what is said to a recipient of whom nobody can say anything. */
    boolean wantsAuthentication() {
        return settings.unknown() == UnknownRecipients.ACCEPT_IF_AUTHENTICATED
                && list.filter(l -> !l.isAvailable()).isEmpty();
    }

    /**
     * The decision about a recipient of whom nobody can say anything.
     *
     * @param authentic whether its sender is, if that is wanted
     */
    RecipientDecision unverified(String why, boolean authentic, Instant now) {
        Optional<ListFile> broken = list.filter(l -> !l.isAvailable());
        if (broken.isPresent()) {
            return RecipientDecision.refuse(
                    DirectoryReplies.LIST_UNAVAILABLE,
                    "not known, and " + broken.get().words(now));
        }
        return switch (settings.unknown()) {
            case ACCEPT -> RecipientDecision.accept("not known, and taken all the same (unknown: accept): " + why);
            case DEFER ->
                RecipientDecision.refuse(DirectoryReplies.CANNOT_BE_VERIFIED, "not known (unknown: defer): " + why);
            case ACCEPT_IF_AUTHENTICATED ->
                authentic
                        ? RecipientDecision.accept("not known, and taken because its sender is authentic"
                                + " (unknown: accept-if-authenticated): " + why)
                        : RecipientDecision.refuse(
                                DirectoryReplies.CANNOT_BE_VERIFIED,
                                "not known, and its sender is not authentic (unknown: accept-if-authenticated): "
                                        + why);
        };
    }

    /** Learns from what the next hop said to a delivery or a callout. */
    void learn(RecipientAnswer answer, PrimaryState primary, Instant now) {
        ForwardPath recipient = answer.recipient();
        String key = recipient.address().toLowerCase(Locale.ROOT);
        switch (answer.meaning()) {
            case TAKEN -> {
                guard.taken(now, key);
                deferred.remove(recipient);
                boolean proves = !answer.callout()
                        || catchAll(CATCH_ALL_TRIED, now)
                                .filter(CatchAll::takesAll)
                                .isEmpty();
                if (proves) {
                    learned.taken(recipient, domain, said(answer));
                }
            }
            case UNKNOWN -> {
                guard.refused(now, key, isKnown(recipient, now));
                if (primary == PrimaryState.UP && !guard.isSuspicious(now)) {
                    learned.refused(recipient, domain, said(answer), settings);
                }
            }
            case DEFERRED -> {
                if (primary == PrimaryState.UP && isAboutRecipient(answer)) {
                    deferred.add(answer, now);
                }
            }
            case INCONCLUSIVE -> {
                // Says nothing of the recipient.
            }
        }
    }

    /** What puts off a delivery may be about its sender, as greylisting is; what puts off a question can hardly be. */
    private static boolean isAboutRecipient(RecipientAnswer answer) {
        return answer.callout()
                || answer.reply()
                        .enhancedCode()
                        .filter(code -> code.subject() == MAILBOX_STATUS)
                        .isPresent();
    }

    private boolean isKnown(ForwardPath recipient, Instant now) {
        return list.filter(l -> l.contains(recipient.localPart())).isPresent()
                || learned.find(recipient)
                        .filter(entry -> standing(entry, now) == Standing.KNOWN)
                        .isPresent();
    }

    private static String said(RecipientAnswer answer) {
        return (answer.callout() ? "asked, " : "at a delivery ") + DirectoryReplies.quote(answer.words());
    }

    /** Why what the next hop said decides nothing, if that was a refusal. */
    String whyNotBelieved(String words, PrimaryState primary, Instant now) {
        if (!words.contains(" said 5")) {
            return "";
        }
        if (primary == PrimaryState.RECOVERING) {
            return ", which is not believed so soon after an outage";
        }
        return guard.isSuspicious(now) ? ", which is not believed while it refuses far more recipients than usual" : "";
    }
}
