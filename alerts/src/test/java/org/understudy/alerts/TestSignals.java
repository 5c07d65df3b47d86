package org.understudy.alerts;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signals, alerts and notifications for tests. */
public final class TestSignals {
    public static final String SOURCE = "smtp/example.org";

    private TestSignals() {}

    public static Signal primaryDown(Severity severity, AlertPolicy policy) {
        return signal("mx1.example.org", severity, policy);
    }

    public static Signal signal(String subject, Severity severity, AlertPolicy policy) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("Connection", "timed out after 30 s, " + subject + " [192.0.2.10]:25");
        evidence.put("Last reply", "421 4.3.2 <mx1> busy & `closing`\r\n421 try later");
        return new Signal(
                new AlertKey("example.org", "primary-unreachable", subject),
                severity,
                "primary MX unreachable",
                subject + " (tier 1, pref 10) does not answer on port 25.",
                "The backup holds mail: 12 held, 0 lost.",
                "Look at the mail server on " + subject + ".",
                evidence,
                Optional.of(URI.create("https://agent.example/alerts/1")),
                policy);
    }

    public static SourceReport bad(Instant at, Signal... signals) {
        return new SourceReport(SOURCE, at, List.of(signals));
    }

    public static SourceReport good(Instant at) {
        return new SourceReport(SOURCE, at, List.of());
    }

    public static Notification notification(NotifyReason reason, int sequence, Severity severity) {
        Instant since = TestClock.START;
        Instant now = since.plus(Duration.ofMinutes(12));
        boolean resolved = reason == NotifyReason.RESOLVED;
        Signal signal = primaryDown(severity, AlertPolicy.standard());
        Alert alert = new Alert(
                signal.key().fingerprint() + "-abc",
                SOURCE,
                resolved ? AlertState.RESOLVED : AlertState.FIRING,
                severity,
                since,
                Optional.of(since.plusSeconds(120)),
                resolved ? Optional.of(now) : Optional.empty(),
                now,
                3,
                resolved ? 2 : 0,
                Optional.of(since.plusSeconds(120)),
                severity,
                signal,
                "");
        return new Notification(reason, sequence, alert, "mon1", now);
    }
}
