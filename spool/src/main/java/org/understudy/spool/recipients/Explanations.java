package org.understudy.spool.recipients;

import java.util.Optional;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.PrimaryState;
import org.understudy.spool.RecipientDecision;
import org.understudy.spool.RecipientExplanation;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.WhilePrimaryUp;

/** Puts decisions that nobody has made yet into words. Stateless. */
final class Explanations {
    static final String ACCEPTED = "250 2.1.5 Ok";

    private Explanations() {}

    static boolean deferring(RecipientSettings settings, PrimaryState primary, boolean certain) {
        return settings.whilePrimaryUp() == WhilePrimaryUp.DEFER && primary == PrimaryState.UP && certain;
    }

    /**
     * @param known what is decided without asking anybody
     * @param unverified what is decided if nobody can be asked; empty if somebody can
     * @param undecided what it depends on then
     * @param deferring whether first contacts are put off
     */
    static RecipientExplanation of(
            ForwardPath recipient,
            Optional<RecipientDecision> known,
            Optional<RecipientDecision> unverified,
            String undecided,
            boolean deferring,
            PrimaryState primary,
            Optional<LearnedRecipient> learned) {
        String later = deferring ? "; a first contact is told to use the primary (whilePrimaryUp: defer)" : "";
        Optional<RecipientDecision> decision = known.or(() -> unverified);
        return new RecipientExplanation(
                recipient.address(),
                decision.map(d -> d.refusal().map(Reply::toString).orElse(ACCEPTED)),
                decision.map(RecipientDecision::reason).orElse("not known: " + undecided) + later,
                Optional.of(primary),
                learned);
    }
}
