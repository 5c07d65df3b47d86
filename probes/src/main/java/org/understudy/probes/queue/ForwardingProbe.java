package org.understudy.probes.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ForwardingSnapshot;
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
    /** RFC 3463 section 3.5, and our own words when we meet ourselves. */
    private static final Pattern LOOP = Pattern.compile("(?i)\\b5\\.4\\.6\\b|mail would loop|loops back");

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
        if (lane.frozen()) {
            frozen(result, lane);
        } else if (lane.down()
                && isLongAgo(lane.since())
                && sight.upSince().filter(this::isLongAgo).isPresent()) {
            result.finding(Finding.of(
                    FindingType.BACKUP_FORWARD_PATH_BLOCKED,
                    domain().text(),
                    "The primary answers, but the backup does not get through to " + lane.nextHop() + ": "
                            + lane.words(),
                    evidence(lane, "down since")));
        }
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
        if (SPF.matcher(words).find()) {
            return FindingType.SPF_REJECTS_BACKUP_FORWARDING;
        } else if (LOOP.matcher(words).find()) {
            return FindingType.FORWARD_LOOP;
        }
        return TLS.matcher(words).find() ? FindingType.FORWARD_NOT_TLS : FindingType.FORWARD_PERMANENTLY_REJECTED;
    }
}
