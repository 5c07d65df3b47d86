package org.understudy.probes.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.understudy.smtp.DomainName;

/**
 * An MTA-STS policy (RFC 8461 section 3.2). Keys that are not known are passed over, and of a key that is there twice the
 * first one counts, as the standard wants it.
 *
 * @param mode what senders shall do
 * @param maxAge how long they shall go by it, in seconds
 * @param patterns which exchangers they may deliver to
 */
record StsPolicy(Mode mode, long maxAge, List<MxPattern> patterns) {
    private static final long LONGEST = 31_557_600;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    /** What senders shall do with an exchanger that does not match, or cannot prove who it is. */
    enum Mode {
        ENFORCE,
        TESTING,
        NONE;

        static Optional<Mode> of(String word) {
            return switch (word) {
                case "enforce" -> Optional.of(ENFORCE);
                case "testing" -> Optional.of(TESTING);
                case "none" -> Optional.of(NONE);
                default -> Optional.empty();
            };
        }
    }

    StsPolicy {
        patterns = List.copyOf(patterns);
    }

    /**
     * What came of reading one.
     *
     * @param policy empty if senders find none in the text
     * @param objections what is wrong, each a predicate of the policy
     */
    record Parsed(Optional<StsPolicy> policy, List<String> objections) {}

    /** Reads one; never throws. */
    static Parsed parse(String text) {
        List<String> objections = new ArrayList<>();
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> exchangers = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            String field = line.stripTrailing();
            if (!field.isEmpty()) {
                read(field, number, fields, exchangers, objections);
            }
        }
        return judge(fields, exchangers, objections);
    }

    private static void read(
            String field, int line, Map<String, String> fields, List<String> exchangers, List<String> objections) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? "" : field.substring(0, colon);
        if (!NAME.matcher(name).matches()) {
            objections.add("has in line " + line + " something that is no field: \"" + shortened(field) + "\"");
            return;
        }
        String value = field.substring(colon + 1).strip();
        if (name.equals("mx")) {
            exchangers.add(value);
        } else {
            fields.putIfAbsent(name, value);
        }
    }

    private static Parsed judge(Map<String, String> fields, List<String> exchangers, List<String> objections) {
        String version = fields.getOrDefault("version", "");
        if (!version.equals("STSv1")) {
            objections.add(
                    fields.containsKey("version")
                            ? "has the version \"" + shortened(version) + "\" instead of STSv1"
                            : "has no version");
        }
        Optional<Mode> mode = Mode.of(fields.getOrDefault("mode", ""));
        if (mode.isEmpty()) {
            objections.add(
                    fields.containsKey("mode")
                            ? "has the mode \"" + shortened(fields.getOrDefault("mode", ""))
                                    + "\", which is none of enforce, testing and none"
                            : "has no mode");
        }
        Optional<Long> maxAge = maxAge(fields, objections);
        List<MxPattern> patterns = new ArrayList<>();
        for (String exchanger : exchangers) {
            MxPattern.parse(exchanger)
                    .ifPresentOrElse(
                            patterns::add,
                            () -> objections.add("has the mx \"" + shortened(exchanger)
                                    + "\", which is neither a host name nor *. before one"));
        }
        if (exchangers.isEmpty() && mode.filter(m -> m == Mode.NONE).isEmpty()) {
            objections.add("has no mx");
        }
        Optional<StsPolicy> policy = mode.isPresent() && maxAge.isPresent() && version.equals("STSv1")
                ? Optional.of(new StsPolicy(mode.get(), maxAge.get(), patterns))
                : Optional.empty();
        return new Parsed(policy, List.copyOf(objections));
    }

    private static Optional<Long> maxAge(Map<String, String> fields, List<String> objections) {
        if (!fields.containsKey("max_age")) {
            objections.add("has no max_age");
            return Optional.empty();
        }
        String text = fields.getOrDefault("max_age", "");
        if (!NUMBER.matcher(text).matches()) {
            objections.add("has the max_age \"" + shortened(text) + "\", which is no whole number of seconds");
            return Optional.empty();
        }
        long seconds = Long.parseLong(text);
        if (seconds > LONGEST) {
            objections.add("has the max_age " + seconds + ", which is more than a year: " + LONGEST);
        }
        return Optional.of(seconds);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** True if senders may deliver to a host (RFC 8461 section 4.1). */
    boolean allows(DomainName host) {
        return patterns.stream().anyMatch(p -> p.matches(host));
    }

    /** The meaning in one line, without what senders pass over: equal for policies that say the same. */
    String meaning() {
        TreeSet<String> sorted = new TreeSet<>();
        patterns.forEach(p -> sorted.add(p.text()));
        return mode + " " + maxAge + " " + String.join(" ", sorted);
    }

    /** The policy that a meaning was made of. */
    static Optional<StsPolicy> ofMeaning(String meaning) {
        String[] words = meaning.split(" ", -1);
        if (words.length < 2 || !NUMBER.matcher(words[1]).matches()) {
            return Optional.empty();
        }
        List<MxPattern> patterns = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
            MxPattern.parse(words[i]).ifPresent(patterns::add);
        }
        return Mode.of(words[0].toLowerCase(java.util.Locale.ROOT))
                .map(mode -> new StsPolicy(mode, Long.parseLong(words[1]), patterns));
    }
}
