package org.understudy.agent.health;

import com.codahale.metrics.health.HealthCheck;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;

/** Healthy while the spool takes mail and every accepted unit is accounted for. */
public final class SpoolHealthCheck extends HealthCheck {
    private final Spool spool;

    public SpoolHealthCheck(Spool spool) {
        this.spool = spool;
    }

    @Override
    protected Result check() {
        SpoolStatus status = spool.status();
        if (!status.store().accepting()) {
            return Result.unhealthy("The spool takes no mail: " + status.store().detail());
        }
        if (!status.counts().isBalanced()) {
            return Result.unhealthy("The spool's ledger does not balance: " + status.counts());
        }
        return Result.healthy(status.counts().queued() + " queued");
    }
}
