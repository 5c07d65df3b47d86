package org.understudy.probes.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;

/** A way into a domain: what canaries are sent through and found by. */
public record CanaryPath(MailDomain domain, Exchanger exchanger, CanarySettings settings) {

    /** Identity of the path, as it stands in the canaries. */
    public String text() {
        return text(exchanger);
    }

    /** Identity of the path of another exchanger of the domain. */
    String text(Exchanger other) {
        return domain.name() + "/" + other.host();
    }

    /** Identity of the mailbox, without secrets. */
    String mailbox() {
        return settings.imap().toString();
    }

    /**
     * What the trace fields show against this path, or empty if they prove it. Only the domain's exchangers count: what a
     * server hands to itself, to a filter for example, is no way.
     *
     * @param hops hosts that had the message, first one first
     */
    Optional<String> objection(List<String> hops) {
        List<Exchanger> way = way(hops);
        String host = exchanger.host().text();
        long visits = way.stream().filter(e -> e.equals(exchanger)).count();
        if (visits == 0) {
            return Optional.of(host + " does not occur in its trace fields");
        }
        if (visits > 1) {
            return Optional.of(host + " had it " + visits + " times");
        }
        if (exchanger.role().isEntrance()) {
            return way.stream()
                    .filter(e -> e.role() == Role.BACKUP)
                    .findFirst()
                    .map(e -> "it went through the backup " + e.host() + " instead of directly through " + host);
        }
        boolean handedOn =
                way.subList(way.indexOf(exchanger), way.size()).stream().anyMatch(e -> e.role() == Role.PRIMARY);
        return handedOn ? Optional.empty() : Optional.of("no primary had it after the backup " + host);
    }

    private List<Exchanger> way(List<String> hops) {
        List<Exchanger> way = new ArrayList<>();
        for (String hop : hops) {
            domain.exchangers().stream()
                    .filter(e -> e.host().text().equalsIgnoreCase(hop))
                    .filter(e -> way.isEmpty() || !way.get(way.size() - 1).equals(e))
                    .findFirst()
                    .ifPresent(way::add);
        }
        return way;
    }
}
