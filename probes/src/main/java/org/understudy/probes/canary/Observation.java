package org.understudy.probes.canary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.probes.canary.AuthenticationResults.Result;
import org.understudy.probes.canary.storage.Observed;
import org.understudy.smtp.Mailbox;

/** Reads off a canary what became of it on the way. Stateless. */
final class Observation {
    /** Names of the fields that a sender would have signed and that are not as they were; empty if all are. */
    static final String BROKEN = "seal";
    /** To whom a failure notice would go now, if not to whom it should. */
    static final String RETURN_PATH = "return-path";
    /** What a content filter gave for it. */
    static final String SPAM_SCORE = "spam-score";

    /** Whether a field in the backup's name came through that the backup did not write. */
    static final String SPOOFABLE = "foreign-results";

    static final String INTACT = "intact";

    private static final String AUTHENTICATION = "auth";
    private static final int MOST_FIELDS = 20;
    private static final List<String> METHODS = List.of("spf", "dkim", "dmarc", "arc");
    private static final Pattern ADDRESS = Pattern.compile("<([^<>]*)>");
    private static final Pattern SCORE =
            Pattern.compile("(?i)(?:\\bscore=|\\[\\s*|^)(-?\\d{1,5}(?:\\.\\d{1,4})?)(?=[\\s,/\\];]|$)");

    private Observation() {}

    /** Name of what a server came to with a method. */
    static String authentication(String server, String method) {
        return AUTHENTICATION + "/" + server + "/" + method;
    }

    /** @param path empty if it is no longer configured */
    static Observed of(ArrivedMessage message, CanaryMark mark, Optional<CanaryPath> path) {
        Map<String, String> values = new LinkedHashMap<>();
        String seal = message.firstHeader(Seal.HEADER);
        if (!seal.isEmpty()) {
            List<String> broken = Seal.parse(seal).broken(Seal.of(message.octets()));
            values.put(BROKEN, broken.isEmpty() ? INTACT : String.join(", ", broken));
        }
        path.flatMap(p -> returnPath(message, mark, p)).ifPresent(v -> values.put(RETURN_PATH, v));
        score(message).ifPresent(v -> values.put(SPAM_SCORE, v));
        message.header("Authentication-Results").stream()
                .limit(MOST_FIELDS)
                .flatMap(field -> AuthenticationResults.parse(field).stream())
                .forEach(field -> note(field, values));
        path.filter(p -> isSpoofable(message, p)).ifPresent(p -> values.put(SPOOFABLE, "kept beside its own"));
        return new Observed(values);
    }

    /** The backup writes such fields and has left one that we wrote in its name. */
    private static boolean isSpoofable(ArrivedMessage message, CanaryPath path) {
        List<AuthenticationResults> inItsName = message.header("Authentication-Results").stream()
                .limit(MOST_FIELDS)
                .flatMap(field -> AuthenticationResults.parse(field).stream())
                .filter(field -> field.server().equals(path.exchanger().host().text()))
                .toList();
        boolean foreign = inItsName.stream().anyMatch(Observation::isOurs);
        return foreign && inItsName.stream().anyMatch(field -> !isOurs(field));
    }

    private static boolean isOurs(AuthenticationResults field) {
        return field.results().stream().anyMatch(r -> r.method().equals(CanaryMessage.FOREIGN_METHOD));
    }

    /** The newest field of a server counts: it stands on top. */
    private static void note(AuthenticationResults field, Map<String, String> values) {
        for (String method : METHODS) {
            List<Result> results = field.results().stream()
                    .filter(r -> r.method().equals(method))
                    .toList();
            if (!results.isEmpty()) {
                Result best = best(results);
                values.putIfAbsent(authentication(field.server(), method), best.result() + " " + best.text());
            }
        }
    }

    /** Of several signatures one is enough (RFC 6376 section 6.1). */
    private static Result best(List<Result> results) {
        return results.stream()
                .filter(r -> r.result().equals("pass"))
                .findFirst()
                .orElse(results.get(0));
    }

    /** The final server writes the reverse-path down (RFC 5321 section 4.4). */
    private static Optional<String> returnPath(ArrivedMessage message, CanaryMark mark, CanaryPath path) {
        Matcher found = ADDRESS.matcher(message.firstHeader("Return-Path"));
        Mailbox sender = path.settings().sender();
        // Another sender may have been configured since it was sent.
        boolean known = message.firstHeader("From").contains("<" + sender + ">");
        if (!known || !found.find()) {
            return Optional.empty();
        }
        String sent = new CanaryMessage(mark, path).envelope().reversePath().toString();
        String arrived = "<" + found.group(1) + ">";
        return Optional.of(same(sent, arrived) ? INTACT : arrived + " instead of " + sent);
    }

    private static boolean same(String path, String other) {
        int at = path.lastIndexOf('@');
        return at == other.lastIndexOf('@')
                && path.length() == other.length()
                && path.regionMatches(0, other, 0, Math.max(at, 0))
                && path.equalsIgnoreCase(other);
    }

    /** As SpamAssassin and rspamd write it. */
    private static Optional<String> score(ArrivedMessage message) {
        for (String field : List.of("X-Spam-Status", "X-Spam-Score", "X-Spamd-Result", "X-Rspamd-Score")) {
            Matcher score = SCORE.matcher(message.firstHeader(field));
            if (score.find()) {
                return Optional.of(score.group(1));
            }
        }
        return Optional.empty();
    }
}
