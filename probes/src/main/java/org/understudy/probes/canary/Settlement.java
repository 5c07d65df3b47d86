package org.understudy.probes.canary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Role;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;

/** Decides about canaries that are overdue. Thread-safe. */
final class Settlement {
    private static final Duration RETENTION = Duration.ofDays(14);

    private final CanaryLedger ledger;
    private final Custody custody;
    private final Clock clock;

    Settlement(CanaryLedger ledger, Custody custody, Clock clock) {
        this.ledger = ledger;
        this.custody = custody;
        this.clock = clock;
    }

    /** Calls canaries of a path late and lost, if the mailbox was read when they should have been there. */
    void settle(CanaryPath path, MailboxReads reads) {
        custody.refresh(path.mailbox());
        boolean waitsForPrimary = path.exchanger().role() == Role.BACKUP && !primaryTakesCanaries(path);
        for (CanaryRow row : ledger.undecided(path.text())) {
            if (row.state() == CanaryState.HELD) {
                continue;
            }
            if (waitsForPrimary && !row.late()) {
                // Another's backup cannot be asked, but it has nowhere to hand the canary to.
                ledger.held(row.id(), false, clock.instant());
                continue;
            }
            Instant since = row.underWaySince();
            if (reads.hasReadTwiceSince(since.plus(path.settings().lostAfter()))) {
                ledger.lost(row.id(), "It was accepted, is not in the mailbox and did not come back.");
            } else if (!row.late()
                    && reads.hasReadSince(since.plus(path.settings().lateAfter()))) {
                ledger.late(row.id());
            }
        }
    }

    /** Forgets what is older than 14 days. */
    void forget() {
        ledger.forgetBefore(clock.instant().minus(RETENTION));
    }

    /** By the newest canary of each primary; without any, nothing is known against them. */
    private boolean primaryTakesCanaries(CanaryPath path) {
        List<CanaryState> states = path.domain().exchangers(Role.PRIMARY).stream()
                .flatMap(primary -> ledger.ofPath(path.text(primary), 2).stream()
                        .filter(row -> row.state() != CanaryState.CREATED)
                        .limit(1))
                .map(CanaryRow::state)
                .toList();
        return states.isEmpty()
                || states.stream().anyMatch(s -> s != CanaryState.DEFERRED && s != CanaryState.REJECTED);
    }
}
