package org.understudy.spool;

import java.util.Optional;

/**
 * What would be said to a recipient now, and why; nobody was asked for it.
 *
 * @param reply that would be given; empty if the next hop would be asked first
 * @param reason in plain words
 * @param primary what is believed of the primary; empty if its domain has no directory
 * @param learned what the next hop has said of the address
 */
public record RecipientExplanation(
        String address,
        Optional<String> reply,
        String reason,
        Optional<PrimaryState> primary,
        Optional<LearnedRecipient> learned) {}
