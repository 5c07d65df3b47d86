package org.understudy.probes.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.probes.QueueThresholds;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks at the age of the oldest waiting message. Its age counts, not how many there are. */
public final class QueueAgeProbe extends DomainProbe {
    private final QueueSource source;
    private final QueueThresholds thresholds;

    public QueueAgeProbe(DomainName domain, QueueSource source, QueueThresholds thresholds, Clock clock) {
        super("queue", domain, "spool", clock);
        this.source = source;
        this.thresholds = thresholds;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        QueueSnapshot snapshot;
        try {
            snapshot = source.read();
        } catch (RuntimeException e) {
            result.unknown("the queue cannot be read: " + e.getMessage());
            return;
        }
        judge(result, snapshot);
    }

    private void judge(ResultBuilder result, QueueSnapshot queue) {
        Instant now = clock().instant();
        Duration age = queue.oldestArrival().map(o -> Duration.between(o, now)).orElse(Duration.ZERO);
        result.measurement("queued", (double) queue.queued())
                .measurement("queued_bytes", (double) queue.bytes())
                .measurement("oldest_age_seconds", (double) age.toSeconds());
        if (queue.quarantined() > 0) {
            result.finding(Finding.of(
                    FindingType.QUEUE_RECIPIENT_QUARANTINED,
                    domain().text(),
                    queue.quarantined() + " recipient(s) of " + domain()
                            + " were refused for good and wait for a decision",
                    Map.of("quarantined", Long.toString(queue.quarantined()))));
        }
        Optional<RetentionJudge> retention =
                queue.retention().limit().map(limit -> new RetentionJudge(domain(), limit, thresholds, now));
        retention.ifPresent(judge -> judge.judge(result, queue));
        // What is held by order is old on purpose; what is refused is reported already.
        if (queue.queued() == 0 || !queue.order().isEmpty() || queue.refused()) {
            return;
        }
        // A backlog is being handed over: the time since the next hop came back counts, not the outage.
        Duration effective = queue.upSince()
                .map(up -> Duration.between(up, now))
                .filter(sinceUp -> sinceUp.compareTo(age) < 0)
                .orElse(age);
        if (queue.nextHopUp()) {
            age(
                    result,
                    queue,
                    FindingType.QUEUE_AGE_WHILE_PRIMARY_UP,
                    effective,
                    thresholds.warningUp(),
                    thresholds.criticalUp());
        } else {
            age(
                    result,
                    queue,
                    FindingType.QUEUE_GROWING_DURING_OUTAGE,
                    age,
                    earlier(thresholds.warningDown(), retention.map(RetentionJudge::warning)),
                    earlier(thresholds.criticalDown(), retention.map(RetentionJudge::critical)));
        }
    }

    private static Duration earlier(Duration threshold, Optional<Duration> other) {
        return other.filter(o -> o.compareTo(threshold) < 0).orElse(threshold);
    }

    private void age(
            ResultBuilder result,
            QueueSnapshot queue,
            FindingType type,
            Duration age,
            Duration warning,
            Duration critical) {
        if (age.compareTo(warning) < 0) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("queued", Long.toString(queue.queued()));
        evidence.put("bytes", Long.toString(queue.bytes()));
        evidence.put("oldest", age.toMinutes() + " min");
        queue.retention()
                .limit()
                .ifPresent(limit -> evidence.put(
                        "retention used",
                        new RetentionJudge(domain(), limit, thresholds, clock().instant()).percent(age) + " %"));
        if (!queue.lastError().isEmpty()) {
            evidence.put("last error", queue.lastError());
        }
        result.finding(new Finding(
                type,
                age.compareTo(critical) >= 0 ? Severity.CRITICAL : Severity.WARNING,
                domain().text(),
                queue.queued() + " message(s) for " + domain() + " wait, the oldest for " + age.toMinutes()
                        + " min, while the primary is " + (queue.nextHopUp() ? "up" : "down"),
                evidence));
    }
}
