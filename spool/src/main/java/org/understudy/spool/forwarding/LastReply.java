package org.understudy.spool.forwarding;

import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.spool.Unit;

/** What a next hop really said, among the words that are known of a unit: nothing else may be quoted as its. Stateless. */
public final class LastReply {
    private static final Pattern REPLY = Pattern.compile("(?s)[45]\\d\\d(?: .*)?");

    private LastReply() {}

    /** Code and text of the last refusal; empty if there was none, or something else was said since. */
    public static Optional<String> of(Unit unit) {
        String words = unit.lastWords();
        String reply = UnitChanges.PREFIXES.stream()
                .filter(words::startsWith)
                .findFirst()
                .map(prefix -> words.substring(prefix.length()))
                .orElse(words);
        return REPLY.matcher(reply).matches() ? Optional.of(reply) : Optional.empty();
    }
}
