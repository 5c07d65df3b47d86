package org.understudy.agent.self;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often the agent asks mail servers, as configured. Immutable.
 *
 * @param reachability interval of the probes that look whether mail is taken
 * @param questions interval of those that ask everything
 * @param canaryViaPrimary interval of canaries through each primary
 * @param canaryViaBackup interval of canaries through each backup
 */
public record ProbeRates(
        Duration reachability, Duration questions, Duration canaryViaPrimary, Duration canaryViaBackup) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SHORTEST_REACHABILITY = Duration.ofSeconds(30);
    private static final Duration SHORTEST_QUESTIONS = Duration.ofMinutes(5);
    private static final Duration SHORTEST_CANARY = Duration.ofMinutes(1);

    /** Keys of the configuration whose interval is shorter than is polite, with that interval and the shortest polite one. */
    Map<String, String> tooShort() {
        Map<String, String> keys = new LinkedHashMap<>();
        check(keys, "probes.smtp", reachability, SHORTEST_REACHABILITY);
        check(keys, "probes.questions", questions, SHORTEST_QUESTIONS);
        check(keys, "probes.canaryViaPrimary", canaryViaPrimary, SHORTEST_CANARY);
        check(keys, "probes.canaryViaBackup", canaryViaBackup, SHORTEST_CANARY);
        return keys;
    }

    private static void check(Map<String, String> keys, String key, Duration interval, Duration shortest) {
        if (interval.compareTo(shortest) < 0) {
            keys.put(key, interval.toSeconds() + " s, which should be " + shortest.toSeconds() + " s at least");
        }
    }

    /** How many recipients who do not exist a server is asked for within an hour, for so many domains. */
    long unknownRecipientsPerHour(long domains) {
        Duration interval = questions.compareTo(SECOND) < 0 ? SECOND : questions;
        return domains * Duration.ofHours(1).dividedBy(interval);
    }
}
