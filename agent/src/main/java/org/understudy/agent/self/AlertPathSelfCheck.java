package org.understudy.agent.self;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;

/** Whether somebody would be told if the watched mail failed. Thread-safe. */
public final class AlertPathSelfCheck implements SelfCheck {
    private final List<AlertPath> paths;
    private final Set<String> domains;
    private final Set<String> hosts;
    private final ExchangerLookup lookup;

    /**
     * A way to people.
     *
     * @param channel its name
     * @param host that mail is handed to; empty if it is no mail
     * @param recipients domains of the mailboxes that it ends in, in lower case; none if it is no mail
     */
    public record AlertPath(String channel, Optional<String> host, List<String> recipients) {
        public AlertPath {
            recipients = List.copyOf(recipients);
        }
    }

    /** The exchangers of a domain, as DNS has them. */
    @FunctionalInterface
    public interface ExchangerLookup {
        MailDomain of(DomainName domain) throws IOException;
    }

    public AlertPathSelfCheck(List<AlertPath> paths, Collection<MailDomain> watched, ExchangerLookup lookup) {
        this.paths = List.copyOf(paths);
        this.domains = watched.stream().map(domain -> domain.name().text()).collect(Collectors.toSet());
        this.hosts = watched.stream()
                .flatMap(domain -> domain.exchangers().stream())
                .map(exchanger -> exchanger.host().text())
                .collect(Collectors.toSet());
        this.lookup = lookup;
    }

    @Override
    public void look(ResultBuilder result) {
        Map<String, String> dependent = new LinkedHashMap<>();
        for (AlertPath path : paths) {
            Optional<String> dependence = dependence(path);
            if (dependence.isEmpty()) {
                // One independent way is enough.
                return;
            }
            dependent.put(path.channel(), dependence.get());
        }
        if (!dependent.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.ALERT_PATH_DEPENDS_ON_MONITORED_MAIL,
                    "alert channels",
                    "When the watched mail fails nobody is told: " + String.join("; ", dependent.values()),
                    dependent));
        }
    }

    private Optional<String> dependence(AlertPath path) {
        Optional<String> byHost = path.host()
                .filter(hosts::contains)
                .map(host -> path.channel() + " hands its mail to " + host + ", which is watched");
        return byHost.or(() -> allRecipients(path));
    }

    /** A recipient elsewhere is told, whatever becomes of the others. */
    private Optional<String> allRecipients(AlertPath path) {
        Optional<String> first = Optional.empty();
        for (String recipient : path.recipients()) {
            Optional<String> why = dependence(path, recipient);
            if (why.isEmpty()) {
                return why;
            }
            first = first.or(() -> why);
        }
        return first;
    }

    private Optional<String> dependence(AlertPath path, String recipient) {
        if (domains.contains(recipient)) {
            return Optional.of(path.channel() + " has recipients in " + recipient + ", which is watched");
        }
        try {
            return exchangers(recipient)
                    .filter(hosts::contains)
                    .findFirst()
                    .map(host -> path.channel() + " has recipients in " + recipient + ", whose mail goes to " + host
                            + ", which is watched");
        } catch (IOException | IllegalArgumentException e) {
            // Not known is not dependent, and neither is what is no domain, an address literal for example.
            return Optional.empty();
        }
    }

    private Stream<String> exchangers(String domain) throws IOException {
        return lookup.of(DomainName.parse(domain)).exchangers().stream()
                .map(Exchanger::host)
                .map(DomainName::text);
    }
}
