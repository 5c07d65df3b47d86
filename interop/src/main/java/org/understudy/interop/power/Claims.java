package org.understudy.interop.power;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        /** By unit, in order: a process that ends between asking and being told leaves the next one to ask again. */
        private final Map<Integer, Deque<Outcome>> outcomes = new HashMap<>();

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
            return outcomes.values().stream().flatMap(Deque::stream).anyMatch(outcome -> outcome.state.isSetAside());
        }

        private void outcome(int at, String what, UnitState state, String numbers) {
            for (String number : numbers.split(",", -1)) {
                Deque<Outcome> of = outcomes.computeIfAbsent(Integer.valueOf(number), unit -> new ArrayDeque<>());
                if (what.equals("SETTLED")) {
                    of.addLast(new Outcome(state, of.removeLast().asked, at));
                } else {
                    of.addLast(new Outcome(state, at, SystemCall.NEVER));
                }
            }
        }

        /** What a unit may be at a place. */
        private Set<UnitState> allowed(int unit, int at) {
            Set<UnitState> allowed = EnumSet.of(UnitState.QUEUED);
            for (Outcome outcome : outcomes.getOrDefault(unit, new ArrayDeque<>())) {
                if (outcome.promised <= at) {
                    allowed.clear();
                }
                if (outcome.asked <= at) {
                    allowed.add(outcome.state);
                }
            }
            return allowed;
        }

        private void judge(Survey.@org.jspecify.annotations.Nullable Found found, int at, List<String> violations) {
            for (int unit = 0; unit < units; unit++) {
                Set<UnitState> allowed = allowed(unit, at);
                Optional<UnitState> now = found == null ? Optional.empty() : found.state(unit);
                if (!now.map(allowed::contains).orElseGet(() -> allowed.stream().anyMatch(UnitState::isTerminal))) {
                    String is = now.map(UnitState::toString).orElse("gone");
                    violations.add("unit " + unit + " of " + id + " is " + is + " and must be " + allowed);
                }
            }
        }
    }
}
