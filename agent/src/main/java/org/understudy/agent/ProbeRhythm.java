package org.understudy.agent;

import java.time.Duration;
import org.understudy.agent.config.PolicySection;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.config.VantageSection;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.probes.Probe;
import org.understudy.probes.Role;

/** Gives each kind of probe its interval and the time one run may take. Immutable. */
record ProbeRhythm(ProbesSection intervals, PolicySection policies) {
    private static final Duration DNS_ALLOWANCE = Duration.ofSeconds(30);
    private static final Duration SMTP_ALLOWANCE = Duration.ofSeconds(90);
    /** Servers that have enough of questions answer slower and slower. */
    private static final Duration QUESTIONS_ALLOWANCE = Duration.ofMinutes(3);

    private static final Duration CONTENT_INTERVAL = Duration.ofMinutes(5);
    /** The final dot may take ten minutes at each of the servers. */
    private static final Duration CONTENT_ALLOWANCE = Duration.ofMinutes(30);

    private static final Duration LINE_ENDS_INTERVAL = Duration.ofDays(1);

    /** Policy hosts may take a minute (RFC 8461 section 3.3). */
    private static final Duration POLICY_ALLOWANCE = Duration.ofSeconds(90);

    private static final Duration QUEUE_ALLOWANCE = Duration.ofSeconds(10);
    private static final Duration SELF_ALLOWANCE = Duration.ofSeconds(30);
    /** The final dot alone may take ten minutes; a shorter wait would make duplicates (RFC 5321 section 4.5.3.2.6). */
    private static final Duration CANARY_ALLOWANCE = Duration.ofMinutes(12);

    ScheduledProbe mxContract(Probe probe) {
        return new ScheduledProbe(probe, intervals.mxContract().toJavaDuration(), DNS_ALLOWANCE);
    }

    ScheduledProbe smtp(Probe probe) {
        return new ScheduledProbe(probe, intervals.smtp().toJavaDuration(), SMTP_ALLOWANCE);
    }

    ScheduledProbe questions(Probe probe) {
        return new ScheduledProbe(probe, intervals.questions().toJavaDuration(), QUESTIONS_ALLOWANCE);
    }

    ScheduledProbe lineEnds(Probe probe) {
        return new ScheduledProbe(probe, LINE_ENDS_INTERVAL, QUESTIONS_ALLOWANCE);
    }

    /** Far more often than samples are sent: it tells what came of them, and takes them out of our own queue. */
    ScheduledProbe content(Probe probe) {
        return new ScheduledProbe(probe, CONTENT_INTERVAL, CONTENT_ALLOWANCE);
    }

    ScheduledProbe policy(Probe probe) {
        return new ScheduledProbe(probe, policies.interval().toJavaDuration(), POLICY_ALLOWANCE);
    }

    ScheduledProbe queue(Probe probe) {
        return new ScheduledProbe(probe, intervals.queue().toJavaDuration(), QUEUE_ALLOWANCE);
    }

    /** It waits for nobody. */
    ScheduledProbe vantage(Probe probe, VantageSection place) {
        return new ScheduledProbe(probe, place.interval().toJavaDuration(), QUEUE_ALLOWANCE);
    }

    /** @param limit of one look */
    ScheduledProbe serverQueue(Probe probe, Duration limit) {
        return new ScheduledProbe(probe, intervals.serverQueues().toJavaDuration(), limit.plus(QUEUE_ALLOWANCE));
    }

    ScheduledProbe self(Probe probe) {
        return new ScheduledProbe(probe, intervals.self().toJavaDuration(), SELF_ALLOWANCE);
    }

    ScheduledProbe canary(Probe probe, Role role, Duration patience) {
        Duration interval = switch (role) {
            case PRIMARY, GATEWAY -> intervals.canaryViaPrimary().toJavaDuration();
            case BACKUP, TARPIT -> intervals.canaryViaBackup().toJavaDuration();
        };
        return new ScheduledProbe(probe, interval, CANARY_ALLOWANCE.plus(patience));
    }
}
