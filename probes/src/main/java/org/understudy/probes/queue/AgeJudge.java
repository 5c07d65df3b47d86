package org.understudy.probes.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueThresholds;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;

/**
 * Judges whether mail waits longer than it should. Immutable.
 *
 * @param age of the oldest waiting message
 */
record AgeJudge(
        QueuePlace place,
        QueueThresholds thresholds,
        Optional<RetentionJudge> retention,
        QueueTrend.Course course,
        Duration age,
        Instant now) {
    /** A backlog that will be handed over by then is no news. */
    private static final Duration SOON = Duration.ofHours(1);

    private static final Duration LATE = Duration.ofHours(6);

    void judge(ResultBuilder result, QueueSnapshot queue) {
        if (queue.nextHopUp()) {
            whileUp(result, queue);
            return;
        }
        Duration warning = earlier(thresholds.warningDown(), retention.map(RetentionJudge::warning));
        Duration critical = earlier(thresholds.criticalDown(), retention.map(RetentionJudge::critical));
        severity(age, warning, critical)
                .ifPresent(s -> report(result, queue, FindingType.QUEUE_GROWING_DURING_OUTAGE, s, age));
    }

    private void whileUp(ResultBuilder result, QueueSnapshot queue) {
        // A backlog is being handed over: the time since the next hop came back counts, not the outage.
        Optional<Duration> sinceUp =
                queue.upSince().map(up -> Duration.between(up, now)).filter(up -> up.compareTo(age) < 0);
        Duration waiting = sinceUp.orElse(age);
        Optional<Severity> byAge = severity(waiting, thresholds.warningUp(), thresholds.criticalUp());
        Optional<Duration> handedOver = course.untilEmpty().filter(time -> sinceUp.isPresent());
        Optional<Severity> severity =
                handedOver.isPresent() ? byAge.flatMap(s -> severity(handedOver.get(), SOON, LATE)) : byAge;
        severity.ifPresent(s -> report(result, queue, FindingType.QUEUE_AGE_WHILE_PRIMARY_UP, s, waiting));
    }

    private static Duration earlier(Duration threshold, Optional<Duration> other) {
        return other.filter(o -> o.compareTo(threshold) < 0).orElse(threshold);
    }

    private static Optional<Severity> severity(Duration time, Duration warning, Duration critical) {
        if (time.compareTo(warning) < 0) {
            return Optional.empty();
        }
        return Optional.of(time.compareTo(critical) >= 0 ? Severity.CRITICAL : Severity.WARNING);
    }

    private void report(
            ResultBuilder result, QueueSnapshot queue, FindingType type, Severity severity, Duration waiting) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("queued", Long.toString(queue.queued()));
        if (queue.details().sized()) {
            evidence.put("bytes", Long.toString(queue.bytes()));
        }
        evidence.put("oldest", waiting.toMinutes() + " min");
        retention.ifPresent(judge -> evidence.put("retention used", judge.percent(waiting) + " %"));
        course.untilEmpty().ifPresent(time -> evidence.put("empty in", time.toMinutes() + " min"));
        if (!queue.lastError().isEmpty()) {
            evidence.put("last error", queue.lastError());
        }
        result.finding(new Finding(
                type,
                severity,
                place.subject(),
                queue.queued() + " message(s) for " + place.domain() + " wait" + place.where() + ", the oldest for "
                        + waiting.toMinutes() + " min, while the primary is "
                        + (queue.nextHopUp() ? "up" : place.notUp()),
                evidence));
    }
}
