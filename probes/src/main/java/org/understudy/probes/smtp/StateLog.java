package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.HostHistory;
import org.understudy.probes.HostHistory.Change;
import org.understudy.probes.HostHistory.State;

/** How one exchanger has been answering. Thread-safe. */
final class StateLog {
    private final String probeId;
    private final HostHistory history;
    private final Clock clock;

    StateLog(String probeId, HostHistory history, Clock clock) {
        this.probeId = probeId;
        this.history = history;
        this.clock = clock;
    }

    void saw(State state) {
        if (last().filter(c -> c.state() == state).isEmpty()) {
            history.add(probeId, new Change(clock.instant(), state));
        }
    }

    /** How long it has been in that state; zero if it is not. */
    Duration lasting(State state) {
        return last().filter(c -> c.state() == state)
                .map(c -> Duration.between(c.at(), clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** True if it was in that state some time within the last while. */
    boolean was(State state, Duration within) {
        Instant since = clock.instant().minus(within);
        List<Change> changes = history.changes(probeId);
        for (int i = 0; i < changes.size(); i++) {
            boolean lasted = i == changes.size() - 1 || changes.get(i + 1).at().isAfter(since);
            if (changes.get(i).state() == state && lasted) {
                return true;
            }
        }
        return false;
    }

    /** How often within the last while it began, or ceased, to take mail. */
    long turns(Duration within) {
        Instant since = clock.instant().minus(within);
        List<Change> changes = history.changes(probeId);
        long turns = 0;
        for (int i = 1; i < changes.size(); i++) {
            boolean turned = takesMail(changes.get(i)) != takesMail(changes.get(i - 1));
            turns += turned && changes.get(i).at().isAfter(since) ? 1 : 0;
        }
        return turns;
    }

    /** The last changes, for people. */
    String text() {
        return history.changes(probeId).stream()
                .map(c -> c.at() + " " + c.state().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }

    private static boolean takesMail(Change change) {
        return change.state() == State.ANSWERING;
    }

    private Optional<Change> last() {
        List<Change> changes = history.changes(probeId);
        return changes.isEmpty() ? Optional.empty() : Optional.of(changes.get(changes.size() - 1));
    }
}
