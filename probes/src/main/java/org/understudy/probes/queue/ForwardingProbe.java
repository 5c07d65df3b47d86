package org.understudy.probes.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ForwardingSnapshot;
import org.understudy.probes.ForwardingSnapshot.Deferral;
import org.understudy.probes.ForwardingSource;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks whether the primary takes from the backup what the backup holds for it, and if not, by whose fault. */
public final class ForwardingProbe extends DomainProbe {
    /** RFC 7372 section 3.2, and servers that give no enhanced code. */
    private static final Pattern SPF =
            Pattern.compile("(?i)\\b5\\.7\\.23\\b|\\bspf\\b|sender policy framework|openspf");

    private static final Pattern DMARC = Pattern.compile("(?i)\\bdmarc\\b");
    /** RFC 3463 section 3.5, and our own words when we meet ourselves. */
    private static final Pattern LOOP = Pattern.compile("(?i)\\b5\\.4\\.6\\b|mail would loop|loops back");

    /** RFC 3463 sections 3.5 and 3.8 for now, a server that closes, and how limits and greylists are worded. */
    private static final Pattern THROTTLE = Pattern.compile(
            "(?i)\\b421\\b|\\b4\\.7\\.\\d{1,3}\\b|\\b4\\.3\\.2\\b|gr[ae]y-?list|rate.?limit|throttl|too (?:many|much|fast)");

    private static final int REPLIES_SHOWN = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern TLS = Pattern.compile("\\bSTARTTLS: ");

    private final ForwardingSource source;
    private final PrimarySight sight;

    public ForwardingProbe(DomainName domain, ForwardingSource source, PrimarySight sight, Clock clock) {
        super("forwarding", domain, "spool", clock);
        this.source = source;
        this.sight = sight;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        ForwardingSnapshot snapshot;
        try {
            snapshot = source.read();
        } catch (RuntimeException e) {
            result.unknown("the way to the next hop cannot be looked at: " + e.getMessage());
            return;
        }
        judge(result, snapshot);
    }

    private void judge(ResultBuilder result, ForwardingSnapshot lane) {
        boolean settled = isLongAgo(lane.since())
                && sight.upSince().filter(this::isLongAgo).isPresent();
        if (lane.frozen()) {
            frozen(result, lane);
        } else if (settled && lane.down() && isThrottling(lane.words())) {
            result.finding(throttled(lane, lane.words()));
        } else if (settled && lane.down()) {
            result.finding(Finding.of(
                    FindingType.BACKUP_FORWARD_PATH_BLOCKED,
                    domain().text(),
                    "The primary answers, but the backup does not get through to " + lane.nextHop() + ": "
                            + lane.words(),
                    evidence(lane, "down since")));
        } else if (settled) {
            deferred(result, lane);
        }
    }

    /** What the primary puts off although it is well: the backup's fault as it sees it, or the recipient's. */
    private void deferred(ResultBuilder result, ForwardingSnapshot lane) {
        lane.deferred().stream()
                .map(Deferral::reply)
                .filter(ForwardingProbe::isThrottling)
                .findFirst()
                .ifPresent(reply -> result.finding(throttled(lane, reply)));
        // What came before the primary was up came because it was down.
        List<String> diverted = lane.deferred().stream()
                .filter(d -> sight.upSince().filter(d.arrival()::isAfter).isPresent())
                .map(Deferral::reply)
                .filter(reply -> !isThrottling(reply))
                .toList();
        diverted.stream()
                .findFirst()
                .ifPresent(reply -> result.finding(Finding.of(
                        FindingType.PRIMARY_SOFTFAIL_DIVERSION,
                        domain().text(),
                        lane.nextHop() + " refuses for now what senders brought here while it answered: " + reply,
                        evidence(lane, "up since", diverted))));
    }

    private static boolean isThrottling(String words) {
        return THROTTLE.matcher(words).find();
    }

    private Finding throttled(ForwardingSnapshot lane, String reply) {
        return Finding.of(
                FindingType.PRIMARY_THROTTLES_BACKUP,
                domain().text(),
                lane.nextHop() + " holds the backup off as if it were a stranger: " + reply,
                evidence(
                        lane,
                        lane.down() ? "down since" : "up since",
                        lane.deferred().stream().map(Deferral::reply).toList()));
    }

    private static Map<String, String> evidence(ForwardingSnapshot lane, String since, List<String> replies) {
        Map<String, String> evidence = evidence(lane, since);
        evidence.put("replies", replies.stream().distinct().limit(REPLIES_SHOWN).collect(Collectors.joining("\n")));
        return evidence;
    }

    /** A primary that has come back is tried at once. */
    private boolean isLongAgo(Instant since) {
        return Duration.between(since, clock().instant()).compareTo(PATIENCE) >= 0;
    }

    private static Map<String, String> evidence(ForwardingSnapshot lane, String since) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("next hop", lane.nextHop());
        evidence.put(since, lane.since().toString());
        evidence.put("last words", lane.words());
        evidence.put("queued", Long.toString(lane.queued()));
        return evidence;
    }

    private void frozen(ResultBuilder result, ForwardingSnapshot lane) {
        result.finding(new Finding(
                type(lane.words()),
                Severity.CRITICAL,
                domain().text(),
                lane.nextHop() + " does not take the mail of " + domain() + ", which is kept (" + lane.queued()
                        + " waiting): " + lane.words(),
                evidence(lane, "frozen since")));
    }

    private static FindingType type(String words) {
        // Words about DMARC often name SPF, too.
        if (DMARC.matcher(words).find()) {
            return FindingType.DMARC_FAILS_VIA_BACKUP;
        } else if (SPF.matcher(words).find()) {
            return FindingType.SPF_REJECTS_BACKUP_FORWARDING;
        } else if (LOOP.matcher(words).find()) {
            return FindingType.FORWARD_LOOP;
        }
        return TLS.matcher(words).find() ? FindingType.FORWARD_NOT_TLS : FindingType.FORWARD_PERMANENTLY_REJECTED;
    }
}
