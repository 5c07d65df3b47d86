package org.understudy.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * What the next hop has said of one address. Immutable.
 *
 * @param localPart as it was last heard of
 * @param taken when it was last taken; empty if never
 * @param refused when it was refused, if that is believed and it was not taken since
 * @param doubtedSince when it was refused first, if that is not believed yet
 */
public record LearnedRecipient(
        String localPart,
        DomainName domain,
        Optional<Testimony> taken,
        Optional<Testimony> refused,
        Optional<Instant> doubtedSince) {

    /** Who said so, and when. */
    public record Testimony(Instant at, String words) {}

    /** What is to be made of it now. */
    public enum Standing {
        KNOWN,
        REFUSED,
        /** Nothing, it is too long ago. */
        EXPIRED
    }

    public static LearnedRecipient taken(String localPart, DomainName domain, Testimony testimony) {
        return new LearnedRecipient(localPart, domain, Optional.of(testimony), Optional.empty(), Optional.empty());
    }

    /** The same, refused and believed to be. */
    public LearnedRecipient withRefused(Testimony testimony) {
        return new LearnedRecipient(localPart, domain, taken, Optional.of(testimony), Optional.empty());
    }

    public LearnedRecipient withDoubtSince(Instant since) {
        return new LearnedRecipient(localPart, domain, taken, refused, Optional.of(since));
    }

    public Standing standing(Instant now, Duration knownFor, Duration refusedFor) {
        if (refused.isPresent()) {
            boolean fresh = now.isBefore(refused.get().at().plus(refusedFor));
            return fresh ? Standing.REFUSED : Standing.EXPIRED;
        }
        return taken.filter(t -> now.isBefore(t.at().plus(knownFor))).isPresent() ? Standing.KNOWN : Standing.EXPIRED;
    }

    /** When it was last heard of. */
    public Instant latest() {
        Instant lastTaken = taken.map(Testimony::at).orElse(Instant.EPOCH);
        Instant lastRefused = refused.map(Testimony::at).orElse(Instant.EPOCH);
        return lastTaken.isAfter(lastRefused) ? lastTaken : lastRefused;
    }

    /** The address without angle brackets. */
    public String address() {
        return localPart + "@" + domain;
    }
}
