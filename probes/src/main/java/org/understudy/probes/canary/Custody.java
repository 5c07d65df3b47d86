package org.understudy.probes.canary;

import java.time.Clock;
import java.time.Instant;
import org.understudy.probes.CanaryState;
import org.understudy.probes.HeldMessages;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;

/** Keeps the ledger informed of what our own spool has, so that time in custody is no delay. Thread-safe. */
final class Custody {
    private final CanaryLedger ledger;
    private final HeldMessages held;
    private final Clock clock;

    Custody(CanaryLedger ledger, HeldMessages held, Clock clock) {
        this.ledger = ledger;
        this.held = held;
        this.clock = clock;
    }

    /** Asks the spool about the canaries of a mailbox. */
    void refresh(String mailbox) {
        Instant now = clock.instant();
        for (CanaryRow row : ledger.possiblyHeld(mailbox)) {
            boolean isHeld = held.isHeld(row.queueId());
            if (isHeld || row.state() == CanaryState.HELD) {
                ledger.held(row.id(), isHeld, now);
            }
        }
    }
}
