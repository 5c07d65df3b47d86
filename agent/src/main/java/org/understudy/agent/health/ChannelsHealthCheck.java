package org.understudy.agent.health;

import com.codahale.metrics.health.HealthCheck;
import java.util.stream.Collectors;
import org.understudy.alerts.Alerts;
import org.understudy.alerts.ChannelStatus;

/** Healthy while every notification channel works, or has not been needed yet. */
public final class ChannelsHealthCheck extends HealthCheck {
    private final Alerts alerts;

    public ChannelsHealthCheck(Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    protected Result check() {
        String failing = alerts.channels().stream()
                .filter(c -> !c.healthy())
                .map((ChannelStatus c) -> c.name() + ": " + c.lastError())
                .collect(Collectors.joining("; "));
        return failing.isEmpty() ? Result.healthy() : Result.unhealthy(failing);
    }
}
