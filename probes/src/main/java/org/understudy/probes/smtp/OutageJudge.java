package org.understudy.probes.smtp;

import java.util.List;
import java.util.Map;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;

/**
 * Judges whether a backup answers in an outage of the primary as it did before. A backup that asks somebody else about recipients
 * must not change its mind when that one is gone. Thread-safe.
 */
final class OutageJudge {
    private final DomainHosts hosts;
    private final Exchanger exchanger;
    /** What it said to somebody who does not exist, when the primary was last up. */
    private volatile boolean tookAnybody = true;

    OutageJudge(DomainHosts hosts, Exchanger exchanger) {
        this.hosts = hosts;
        this.exchanger = exchanger;
    }

    void judge(ResultBuilder result, List<AddressAnswers> open) {
        if (exchanger.role() != Role.BACKUP) {
            return;
        }
        Map<String, String> unknownTaken = AnswersJudge.evidence(open, Topic.UNKNOWN, Asked::isTaken);
        if (hosts.isEntranceUp()) {
            boolean asked = open.stream().anyMatch(a -> a.first(Topic.UNKNOWN).isPresent());
            tookAnybody = asked ? !unknownTaken.isEmpty() : tookAnybody;
        } else if (hosts.isEntranceDown()) {
            failsHard(result, open);
            failsOpen(result, unknownTaken);
        }
    }

    private void failsHard(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> refused =
                AnswersJudge.evidence(open, Topic.KNOWN, a -> a.isRefused() && !Standing.saysRelaying(a.reply()));
        if (!refused.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.RECIPIENT_CHECK_FAILS_HARD,
                    exchanger.host().text(),
                    "While the primary is down, the backup " + exchanger.host() + " refuses recipients who exist: "
                            + refused.values().iterator().next(),
                    refused));
        }
    }

    private void failsOpen(ResultBuilder result, Map<String, String> unknownTaken) {
        boolean meant = hosts.intent().holdsUnknownRecipients()
                || hosts.intent().catchAll().orElse(false);
        if (!unknownTaken.isEmpty() && !tookAnybody && !meant) {
            result.finding(Finding.of(
                    FindingType.RECIPIENT_CHECK_FAILS_OPEN,
                    exchanger.host().text(),
                    "While the primary is down, the backup " + exchanger.host()
                            + " takes recipients whom it refused before",
                    unknownTaken));
        }
    }
}
