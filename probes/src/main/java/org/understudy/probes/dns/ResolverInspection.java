package org.understudy.probes.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.ResolverCheck;
import org.understudy.probes.ResolverState;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Type;

/** Asks each resolver for what it must know and for what nobody can know. Thread-safe. */
public final class ResolverInspection implements ResolverCheck {
    /** That none of so many domains can be resolved is not the domains' fault. */
    private static final int MOST_DOMAINS = 3;

    private final DnsClient client;
    private final List<DomainName> domains;

    /** @param domains that exist */
    public ResolverInspection(DnsSettings settings, List<DomainName> domains) {
        this.client = new DnsClient(settings);
        this.domains = domains.stream().limit(MOST_DOMAINS).toList();
    }

    @Override
    public List<ResolverState> look() {
        return client.resolvers().stream()
                .map(resolver -> new ResolverState(
                        resolver.getAddress().getHostAddress() + ":" + resolver.getPort(), trouble(resolver)))
                .toList();
    }

    private Optional<String> trouble(InetSocketAddress resolver) {
        List<String> failures = new ArrayList<>();
        for (DomainName domain : domains) {
            DnsAnswer answer = client.ask(resolver, domain, Type.MX, true);
            if (answer.isConclusive()) {
                return rewriting(resolver);
            }
            failures.add(domain + ": " + answer.detail());
            if (answer.status() != DnsAnswer.Status.SERVER_FAILED) {
                break;
            }
        }
        return failures.isEmpty() ? rewriting(resolver) : Optional.of(String.join("; ", failures));
    }

    /** RFC 6761 section 6.4: names under invalid do not exist, and a resolver that says otherwise invents answers. */
    private Optional<String> rewriting(InetSocketAddress resolver) {
        String label = "x" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 60), Character.MAX_RADIX);
        DnsAnswer answer = client.ask(resolver, new DomainName(label + ".invalid"), Type.A, true);
        return answer.status() == DnsAnswer.Status.DATA
                ? Optional.of("it has an address for " + label + ".invalid, a name that cannot exist: "
                        + answer.records().get(0).rdataToString())
                : Optional.empty();
    }
}
