package org.understudy.spool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.Network;

/**
 * Which recipients of a domain are taken.
 *
 * @param list file of its addresses
 * @param complete true if the list names every recipient that the primary takes, so that others may be refused for good
 * @param callout whether the next hop is asked for a recipient that is not known
 * @param unknown what becomes of a recipient for which nobody can be asked, or whose refusal is not believed
 * @param whilePrimaryUp what becomes of mail while the primary is up
 * @param alwaysOpenTo clients whose mail is taken nevertheless
 * @param knownFor how long an address that the next hop took is known
 * @param refusedFor how long one that it refused is refused without asking again
 */
public record RecipientSettings(
        Optional<Path> list,
        boolean complete,
        boolean callout,
        UnknownRecipients unknown,
        WhilePrimaryUp whilePrimaryUp,
        List<Network> alwaysOpenTo,
        Duration knownFor,
        Duration refusedFor) {
    public RecipientSettings {
        alwaysOpenTo = List.copyOf(alwaysOpenTo);
    }

    /** Callouts and what was learned; unknown recipients are accepted in an outage. */
    public static RecipientSettings standard() {
        return new RecipientSettings(
                Optional.empty(),
                false,
                true,
                UnknownRecipients.ACCEPT,
                WhilePrimaryUp.ACCEPT,
                List.of(),
                Duration.ofDays(31),
                Duration.ofHours(3));
    }

    public RecipientSettings withList(Path file, boolean isComplete) {
        return new RecipientSettings(
                Optional.of(file), isComplete, callout, unknown, whilePrimaryUp, alwaysOpenTo, knownFor, refusedFor);
    }

    public RecipientSettings withCallout(boolean ask) {
        return new RecipientSettings(list, complete, ask, unknown, whilePrimaryUp, alwaysOpenTo, knownFor, refusedFor);
    }

    public RecipientSettings withUnknown(UnknownRecipients policy) {
        return new RecipientSettings(
                list, complete, callout, policy, whilePrimaryUp, alwaysOpenTo, knownFor, refusedFor);
    }

    public RecipientSettings withWhilePrimaryUp(WhilePrimaryUp policy, List<Network> open) {
        return new RecipientSettings(list, complete, callout, unknown, policy, open, knownFor, refusedFor);
    }
}
