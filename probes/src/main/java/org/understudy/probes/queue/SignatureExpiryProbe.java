package org.understudy.probes.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.HeldHeaders;
import org.understudy.probes.HeldHeaders.Held;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/**
 * Looks whether signatures of waiting mail expire before it is likely to be handed over. Reads a few of the oldest messages, and
 * not at every run.
 */
public final class SignatureExpiryProbe extends DomainProbe {
    private static final int MOST_READ = 200;
    private static final Duration READ_EVERY = Duration.ofMinutes(10);
    /** How long an outage that goes on now is taken to go on. */
    private static final Duration OUTAGE = Duration.ofHours(24);
    /** How long a backlog takes to be handed over once its next hop takes mail. */
    private static final Duration DRAIN = Duration.ofHours(1);

    private static final int DOMAINS_SHOWN = 5;

    private final QueueSource queue;
    private final HeldHeaders headers;
    private @Nullable Reading reading;

    /** @param headers of the same queue */
    public SignatureExpiryProbe(DomainName domain, QueueSource queue, HeldHeaders headers, Clock clock) {
        super("queue", domain, "signatures", clock);
        this.queue = queue;
        this.headers = headers;
    }

    /** @param messages that were looked at */
    private record Reading(Instant at, int messages, List<Expiring> expiring) {}

    private record Expiring(String queueId, Instant arrival, String domain, Instant expiry) {}

    @Override
    protected synchronized void look(ResultBuilder result, Deadline deadline) {
        QueueSnapshot snapshot;
        Reading read;
        try {
            snapshot = queue.read(deadline);
            read = snapshot.queued() == 0 ? none() : current(deadline);
        } catch (IOException | RuntimeException e) {
            result.unknown("the waiting mail cannot be read: " + e.getMessage());
            return;
        }
        reading = read;
        result.measurement("signatures_expiring", read.expiring().size());
        result.fact("messages looked at", read.messages() + " of " + snapshot.queued() + " that wait");
        read.expiring().stream()
                .min(Comparator.comparing(Expiring::expiry))
                .ifPresent(first -> result.fact("first signature to expire", words(first)));
        judge(result, snapshot, read);
    }

    private Reading none() {
        return new Reading(clock().instant(), 0, List.of());
    }

    private Reading current(Deadline deadline) {
        Instant now = clock().instant();
        Reading last = reading;
        boolean recent = last != null
                && last.messages() > 0
                && last.at().plus(READ_EVERY).isAfter(now);
        return last != null && recent ? last : read(now, deadline);
    }

    private Reading read(Instant now, Deadline deadline) {
        List<Expiring> expiring = new ArrayList<>();
        int[] messages = {0};
        headers.oldest(MOST_READ, held -> {
            messages[0]++;
            add(expiring, held);
            return !deadline.isPassed();
        });
        return new Reading(now, messages[0], List.copyOf(expiring));
    }

    private static void add(List<Expiring> expiring, Held held) {
        for (DkimSignature signature : DkimSignature.in(held.text())) {
            signature
                    .expiry()
                    // What came too late is not our doing.
                    .filter(held.arrival()::isBefore)
                    .ifPresent(expiry ->
                            expiring.add(new Expiring(held.queueId(), held.arrival(), signature.domain(), expiry)));
        }
    }

    private void judge(ResultBuilder result, QueueSnapshot snapshot, Reading read) {
        boolean flows =
                snapshot.nextHopUp() && !snapshot.refused() && snapshot.order().isEmpty();
        Instant handedOver = clock().instant().plus(flows ? DRAIN : OUTAGE);
        List<Expiring> lapsing = read.expiring().stream()
                .filter(e -> !e.expiry().isAfter(handedOver))
                .sorted(Comparator.comparing(Expiring::expiry))
                .toList();
        if (lapsing.isEmpty()) {
            return;
        }
        Expiring first = lapsing.get(0);
        boolean past = !first.expiry().isAfter(clock().instant());
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("looked at", read.messages() + " of the oldest messages, " + snapshot.queued() + " wait");
        evidence.put("signatures with x=", Integer.toString(read.expiring().size()));
        evidence.put("of these too short", Integer.toString(lapsing.size()));
        evidence.put("first", words(first));
        evidence.put("signing domains", domains(lapsing));
        evidence.put("primary", flows ? "takes mail" : "takes no mail now");
        result.finding(Finding.of(
                        FindingType.DKIM_EXPIRES_IN_QUEUE,
                        domain().text(),
                        lapsing.size() + " signature(s) of mail that waits for " + domain()
                                + (past
                                        ? " have begun to expire, the first at "
                                        : " expire before it is likely to be handed over, the first at ")
                                + first.expiry(),
                        evidence)
                .withFix("./understudy spool reroute " + domain() + " --to HOST:PORT --reason \"signatures expire\""));
    }

    private static String domains(List<Expiring> lapsing) {
        Map<String, Long> counts =
                lapsing.stream().collect(Collectors.groupingBy(Expiring::domain, TreeMap::new, Collectors.counting()));
        String shown = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(DOMAINS_SHOWN)
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
        int others = counts.size() - DOMAINS_SHOWN;
        return others > 0 ? shown + ", and " + others + " more" : shown;
    }

    private static String words(Expiring expiring) {
        return expiring.queueId() + " of " + expiring.arrival() + ", signed by " + expiring.domain() + " until "
                + expiring.expiry();
    }
}
