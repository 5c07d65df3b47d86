package org.understudy.agent.health;

import com.codahale.metrics.health.HealthCheck;
import org.understudy.agent.schedule.ProbeScheduler;

/** Healthy while every probe runs when it should. */
public final class SchedulerHealthCheck extends HealthCheck {
    private final ProbeScheduler scheduler;

    public SchedulerHealthCheck(ProbeScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    protected Result check() {
        return scheduler
                .overdue()
                .map(id -> Result.unhealthy("Probe " + id + " has not run for three intervals."))
                .orElse(Result.healthy());
    }
}
