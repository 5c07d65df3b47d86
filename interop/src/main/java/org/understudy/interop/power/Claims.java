package org.understudy.interop.power;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.understudy.interop.recording.Recording;
import org.understudy.interop.recording.SystemCall;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitState;

/**
 * What the workload was promised and when, read from its standard output. A promise counts from where the write of its line
 * begins, since the workload may act on it from there.
 */
final class Claims {
    private final Map<QueueId, Claim> claims = new LinkedHashMap<>();

    private Claims() {}

    static Claims of(Recording recording) {
        Claims claims = new Claims();
        for (Recording.Moment moment : recording.moments()) {
            SystemCall call = moment.call();
            if (moment.isBegin() && isLine(call)) {
                claims.line(call.begin(), new String(call.octets(1), StandardCharsets.US_ASCII));
            }
        }
        return claims;
    }

    /** True for the call that says that a message is acknowledged. */
    static boolean isAcknowledgement(SystemCall call) {
        return isLine(call) && new String(call.octets(1), StandardCharsets.US_ASCII).startsWith("ACK ");
    }

    private static boolean isLine(SystemCall call) {
        return call.name().equals("write") && call.number(0) == 1;
    }

    private void line(int at, String line) {
        String[] words = line.strip().split(" ", -1);
        QueueId id = new QueueId(words[1]);
        switch (words[0]) {
            case "OFFER" -> claims.put(id, new Claim(id, words[2], Integer.parseInt(words[4]), at));
            case "ACK" -> of(id).acknowledged = at;
            case "SETTLING", "SETTLED" -> of(id).outcome(at, words[0], UnitState.valueOf(words[2]), words[3]);
            default -> throw new IllegalStateException("the workload said: " + line);
        }
    }

    private Claim of(QueueId id) {
        Claim claim = claims.get(id);
        if (claim == null) {
            throw new IllegalStateException(id + " was never offered");
        }
        return claim;
    }

    Collection<Claim> all() {
        return claims.values();
    }

    int acknowledged() {
        return (int) claims.values().stream()
                .filter(c -> c.acknowledged != SystemCall.NEVER)
                .count();
    }

    /** Sentences about what a store has that it must not have, and has not that it must, after a power loss at a place. */
    List<String> violations(Survey survey, int at) {
        List<String> violations = new ArrayList<>(survey.troubles());
        for (Claim claim : claims.values()) {
            Survey.Found found = survey.messages().get(claim.id);
            if (claim.acknowledged <= at) {
                claim.judge(found, at, violations);
            }
            if (found != null && !found.sha256().equals(claim.sha256)) {
                violations.add(claim.id + " is not what was offered");
            }
        }
        for (QueueId id : survey.messages().keySet()) {
            Claim claim = claims.get(id);
            if (claim == null || claim.offered > at) {
                violations.add(id + " is there and was never offered");
            }
        }
        return violations;
    }

    /** One message. Places are {@link SystemCall#NEVER} if it did not come to that. */
    static final class Claim {
        private final QueueId id;
        private final String sha256;
        private final int units;
        private final int offered;
        private int acknowledged = SystemCall.NEVER;
        private final Map<Integer, Outcome> outcomes = new HashMap<>();

        private Claim(QueueId id, String sha256, int units, int offered) {
            this.id = id;
            this.sha256 = sha256;
            this.units = units;
            this.offered = offered;
        }

        /** A unit's end, or that it is set aside: asked for at one place, promised at a later one. */
        private record Outcome(UnitState state, int asked, int promised) {}

        QueueId id() {
            return id;
        }

        boolean isEverSetAside() {
            return outcomes.values().stream().anyMatch(outcome -> outcome.state == UnitState.QUARANTINED);
        }

        private void outcome(int at, String what, UnitState state, String numbers) {
            for (String number : numbers.split(",", -1)) {
                outcomes.compute(
                        Integer.valueOf(number),
                        (unit, before) -> what.equals("SETTLED") && before != null
                                ? new Outcome(state, before.asked, at)
                                : new Outcome(state, at, SystemCall.NEVER));
            }
        }

        private void judge(Survey.@org.jspecify.annotations.Nullable Found found, int at, List<String> violations) {
            for (int unit = 0; unit < units; unit++) {
                Outcome outcome = outcomes.get(unit);
                boolean asked = outcome != null && outcome.asked <= at;
                boolean promised = outcome != null && outcome.promised <= at;
                Set<UnitState> allowed = !asked || outcome == null
                        ? Set.of(UnitState.QUEUED)
                        : promised ? Set.of(outcome.state) : Set.of(UnitState.QUEUED, outcome.state);
                UnitState now = found == null ? UnitState.FORWARDED : found.state(unit);
                if (!allowed.contains(now)) {
                    String is = found == null ? "gone" : now.toString();
                    violations.add("unit " + unit + " of " + id + " is " + is + " and must be " + allowed
                            + (promised ? ", as was promised" : ", as was acknowledged"));
                }
            }
        }
    }
}
