package org.understudy.alerts.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.alerts.Alert;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;
import org.understudy.alerts.TestClock;
import org.understudy.alerts.TestSignals;

class AlertMachineTest {

    /**
     * A report per minute: i, w, c is bad with this severity, g is good, a number lets so many minutes pass. Of each
     * report: the state by its initial, - if the alert is gone, and why people are told.
     */
    @ParameterizedTest(name = "{0}: fails at {1}, recovers at {2}, repeats after {3} min: {4}")
    @CsvSource(delimiter = '|', textBlock = """
                    fires at threshold      | 3 | 2 | 0  | w w w w   | P P F:FIRST F
                    first is enough         | 1 | 1 | 0  | w g       | F:FIRST R:RESOLVED
                    pending vanishes        | 3 | 2 | 0  | w w g     | P P -
                    resolves at threshold   | 1 | 3 | 0  | w g g g   | F:FIRST F F R:RESOLVED
                    bad resets the good     | 1 | 2 | 0  | w g w g g | F:FIRST F F F R:RESOLVED
                    escalates               | 1 | 1 | 0  | w c c     | F:FIRST F:ESCALATED F
                    does not de-escalate    | 1 | 1 | 0  | c w i     | F:FIRST F F
                    up and down tells once  | 1 | 1 | 0  | w c w c   | F:FIRST F:ESCALATED F F
                    worse while pending     | 2 | 1 | 0  | i c c     | P F:FIRST F
                    repeats                 | 1 | 1 | 60 | w w 59 w w  | F:FIRST F F:REPEAT F
                    repeats again           | 1 | 1 | 60 | w 60 w 59 w w | F:FIRST F:REPEAT F F:REPEAT
                    never repeats           | 1 | 1 | 0  | w 9999 w  | F:FIRST F
                    worse wins over repeat  | 1 | 1 | 60 | w 60 c    | F:FIRST F:ESCALATED
                    repeat starts afresh    | 1 | 1 | 60 | c 60 w c  | F:FIRST F:REPEAT F:ESCALATED
                    good counts no repeat   | 1 | 3 | 60 | w 60 g    | F:FIRST F
                    """)
    void reports_inARow_moveTheAlert(
            String name, int failures, int successes, int repeatMinutes, String reports, String expected) {
        AlertPolicy policy = new AlertPolicy(failures, successes, Duration.ofMinutes(repeatMinutes));

        assertThat(run(policy, reports)).as(name).isEqualTo(expected);
    }

    private static String run(AlertPolicy policy, String reports) {
        Instant now = TestClock.START;
        Optional<Alert> alert = Optional.empty();
        List<String> seen = new ArrayList<>();
        for (String report : reports.split(" ", -1)) {
            if (Character.isDigit(report.charAt(0))) {
                now = now.plus(Duration.ofMinutes(Long.parseLong(report) - 1));
                continue;
            }
            Transition transition = step(policy, alert, report, now);
            alert = transition.alert();
            String state = alert.map(is -> is.state().name().substring(0, 1)).orElse("-");
            seen.add(state + transition.reason().map(reason -> ":" + reason).orElse(""));
            now = now.plus(Duration.ofMinutes(1));
        }
        return String.join(" ", seen);
    }

    private static Transition step(AlertPolicy policy, Optional<Alert> alert, String report, Instant now) {
        if (report.equals("g")) {
            return AlertMachine.good(alert.orElseThrow(), now);
        }
        Severity severity = switch (report) {
            case "i" -> Severity.INFO;
            case "w" -> Severity.WARNING;
            case "c" -> Severity.CRITICAL;
            default -> throw new IllegalArgumentException(report);
        };
        Signal signal = TestSignals.primaryDown(severity, policy);
        return AlertMachine.bad(
                alert.orElseGet(() -> AlertMachine.open("incident", TestSignals.SOURCE, signal, now)), signal, now);
    }

    @Test
    void times_ofAnEpisode_areKept() {
        Signal signal = TestSignals.primaryDown(Severity.WARNING, new AlertPolicy(2, 1, Duration.ZERO));
        Instant start = TestClock.START;
        Alert opened = AlertMachine.open("incident", TestSignals.SOURCE, signal, start);
        Alert pending = AlertMachine.bad(opened, signal, start).alert().orElseThrow();
        Alert firing =
                AlertMachine.bad(pending, signal, start.plusSeconds(60)).alert().orElseThrow();
        Alert resolved =
                AlertMachine.good(firing, start.plusSeconds(90)).alert().orElseThrow();

        assertThat(pending.firedAt()).isEmpty();
        assertThat(resolved.since()).isEqualTo(start);
        assertThat(resolved.firedAt()).contains(start.plusSeconds(60));
        assertThat(resolved.lastSeen()).isEqualTo(start.plusSeconds(60));
        assertThat(resolved.resolvedAt()).contains(start.plusSeconds(90));
        assertThat(resolved.badReports()).isEqualTo(2);
        assertThat(resolved.lasted(start.plusSeconds(9999))).isEqualTo(Duration.ofSeconds(90));
        assertThatThrownBy(() -> AlertMachine.bad(resolved, signal, start)).hasMessageContaining("is over");
    }

    @Test
    void end_ofAFiringAlert_saysWhy() {
        Signal signal = TestSignals.primaryDown(Severity.WARNING, AlertPolicy.immediate());
        Alert opened = AlertMachine.open("incident", TestSignals.SOURCE, signal, TestClock.START);
        Alert firing = AlertMachine.bad(opened, signal, TestClock.START).alert().orElseThrow();

        Transition ended = AlertMachine.end(firing, "Gone.", TestClock.START.plusSeconds(1));

        assertThat(ended.alert().orElseThrow().closing()).isEqualTo("Gone.");
        assertThat(ended.reason()).hasToString("Optional[RESOLVED]");
        assertThat(AlertMachine.end(opened, "Gone.", TestClock.START).alert()).isEmpty();
    }
}
