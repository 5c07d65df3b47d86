package org.understudy.probes.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Type;

/**
 * What a domain seems to mean by its MX records, where nobody has declared it: the exchangers that are tried first are its
 * primaries, all others its backups. Thread-safe.
 */
public final class PresumedContract {
    private final DnsClient client;

    public PresumedContract(DnsSettings settings) {
        this.client = new DnsClient(settings);
    }

    /**
     * Reads the records at the resolver. What can be no exchanger is left out, for the probes to find.
     *
     * @param port of every exchanger
     * @throws IOException if the resolver does not say what the records are; the message says why
     */
    public MailDomain look(DomainName domain, int port) throws IOException {
        DnsAnswer answer = client.askResolver(domain, Type.MX);
        if (!answer.isConclusive()) {
            throw new IOException("the MX records of " + domain + " cannot be found out: " + answer.detail());
        }
        List<MxView.Mx> records = MxView.of("resolver", answer).records();
        if (records.size() == 1 && records.get(0).isNull()) {
            DeclaredIntent standard = DeclaredIntent.STANDARD;
            return new MailDomain(
                    domain,
                    List.of(),
                    new DeclaredIntent(false, false, false, standard.recoveryObjective(), standard.subdomains()));
        }
        Map<Integer, List<Exchanger>> tiers = new TreeMap<>();
        for (MxView.Mx mx : records) {
            if (isHost(mx, domain) && tiers.values().stream().noneMatch(tier -> has(tier, mx))) {
                boolean first = tiers.isEmpty() || (tiers.size() == 1 && tiers.containsKey(mx.preference()));
                tiers.computeIfAbsent(mx.preference(), p -> new ArrayList<>())
                        .add(new Exchanger(new DomainName(mx.target()), first ? Role.PRIMARY : Role.BACKUP, port));
            }
        }
        return new MailDomain(domain, new ArrayList<>(tiers.values()));
    }

    private static boolean isHost(MxView.Mx mx, DomainName domain) {
        return !mx.isNull()
                && !mx.isVerification()
                && !HostNames.isAddress(mx.target(), domain)
                && HostNames.objection(mx.target(), domain).isEmpty();
    }

    private static boolean has(List<Exchanger> tier, MxView.Mx mx) {
        return tier.stream().anyMatch(e -> e.host().text().equals(mx.target()));
    }
}
