package org.understudy.probes.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.BackupArrivals;
import org.understudy.probes.BackupArrivals.Arrival;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;

/** Looks whether mail comes through the backup although the primary answers. */
public final class BackupUseProbe extends DomainProbe {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    /** Senders that met the outage, or one timeout, come here for a while. */
    private static final Duration AFTERMATH = Duration.ofMinutes(10);
    /** Single messages come from senders that lose their way, and from some that never look for it. */
    private static final int MANY = 5;

    private static final int CLIENTS_SHOWN = 5;

    private final boolean meant;
    private final BackupArrivals arrivals;
    private final PrimarySight sight;

    public BackupUseProbe(MailDomain domain, BackupArrivals arrivals, PrimarySight sight, Clock clock) {
        super("queue", domain.name(), "arrivals", clock);
        this.meant = domain.intent().activeActive();
        this.arrivals = arrivals;
        this.sight = sight;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        List<Arrival> all;
        try {
            all = arrivals.latest();
        } catch (RuntimeException e) {
            result.unknown("what the backup took cannot be looked at: " + e.getMessage());
            return;
        }
        Instant now = clock().instant();
        List<Arrival> recent =
                all.stream().filter(a -> a.at().isAfter(now.minus(WINDOW))).toList();
        result.measurement("recent_arrivals", recent.size());
        Optional<Instant> upSince = sight.upSince();
        boolean longUp = upSince.filter(up -> !up.plus(WINDOW).plus(AFTERMATH).isAfter(now))
                .isPresent();
        if (longUp && !meant && recent.size() >= MANY) {
            result.finding(Finding.of(
                    FindingType.BACKUP_USED_WHILE_PRIMARY_UP,
                    domain().text(),
                    "The backup took " + recent.size() + " messages for " + domain() + " within " + WINDOW.toMinutes()
                            + " min, although the primary has answered since " + upSince.get(),
                    evidence(recent)));
        }
    }

    private static Map<String, String> evidence(List<Arrival> recent) {
        Map<String, Long> clients =
                recent.stream().collect(Collectors.groupingBy(Arrival::client, Collectors.counting()));
        Map<String, String> evidence = new LinkedHashMap<>();
        clients.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(CLIENTS_SHOWN)
                .forEach(e -> evidence.put(e.getKey(), e.getValue() + " messages"));
        evidence.put("clients", Integer.toString(clients.size()));
        return evidence;
    }
}
