package org.understudy.agent.self;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;

/** Whether the agent runs where what it watches runs. Looks at a few hosts at a time. Thread-safe. */
public final class SharedFateSelfCheck implements SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SharedFateSelfCheck.class);
    private static final int HOSTS_AT_ONCE = 10;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV4_PREFIX = 24;
    private static final int IPV6_PREFIX = 48;

    private final List<DomainName> hosts;
    private final AddressLookup addresses;
    private final Supplier<? extends Collection<InetAddress>> own;
    private final Set<DomainName> ourselves;
    private final Predicate<InetAddress> independent;
    private final Map<DomainName, String> shared = new TreeMap<>(Comparator.comparing(DomainName::text));
    private int next;

    /**
     * @param own addresses of this machine
     * @param ourselves exchangers that run in this process
     * @param independent true of an address from whose network nothing follows
     */
    public SharedFateSelfCheck(
            Collection<MailDomain> domains,
            AddressLookup addresses,
            Supplier<? extends Collection<InetAddress>> own,
            Set<DomainName> ourselves,
            Predicate<InetAddress> independent) {
        this.hosts = domains.stream()
                .flatMap(domain -> domain.exchangers().stream())
                .map(Exchanger::host)
                .distinct()
                .toList();
        this.addresses = addresses;
        this.own = own;
        this.ourselves = Set.copyOf(ourselves);
        this.independent = independent;
    }

    @Override
    public synchronized void look(ResultBuilder result) {
        Collection<InetAddress> here = own.get();
        for (int i = 0; i < Math.min(HOSTS_AT_ONCE, hosts.size()); i++) {
            DomainName host = hosts.get(next);
            next = (next + 1) % hosts.size();
            try {
                Optional<String> why = why(host, here);
                why.ifPresentOrElse(w -> shared.put(host, w), () -> shared.remove(host));
            } catch (IOException e) {
                LOG.debug("where {} is cannot be found out: {}", host, e.getMessage());
            }
        }
        if (!shared.isEmpty()) {
            Map<String, String> evidence = new TreeMap<>();
            shared.forEach((host, why) -> evidence.put(host.text(), why));
            result.finding(Finding.of(
                    FindingType.AGENT_SHARES_FATE,
                    "agent",
                    "If the agent fails together with " + String.join(", ", new TreeSet<>(evidence.keySet()))
                            + ", nobody is told",
                    evidence));
        }
    }

    private Optional<String> why(DomainName host, Collection<InetAddress> here) throws IOException {
        List<InetAddress> there =
                addresses.addresses(host).stream().filter(independent.negate()).toList();
        if (ourselves.contains(host) && !there.isEmpty()) {
            return Optional.of("it is part of this agent");
        }
        for (InetAddress address : there) {
            if (here.contains(address)) {
                return Optional.of(address.getHostAddress() + " is this machine");
            }
            if (here.stream().anyMatch(around(address)::contains)) {
                return Optional.of(address.getHostAddress() + " is in the network of this machine");
            }
        }
        return Optional.empty();
    }

    private static Network around(InetAddress address) {
        return new Network(address, address.getAddress().length == IPV4_OCTETS ? IPV4_PREFIX : IPV6_PREFIX);
    }
}
