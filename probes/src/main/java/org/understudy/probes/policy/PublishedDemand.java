package org.understudy.probes.policy;

import java.net.InetAddress;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.probes.dns.RecordLookup.State;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** What a domain asks of senders with respect to TLS, as its MTA-STS policy has it. Thread-safe. */
public final class PublishedDemand {
    private final DomainName domain;
    private final PolicyHost host;

    public PublishedDemand(DomainName domain, PolicySettings settings) {
        this.domain = domain;
        this.host = new PolicyHost(settings);
    }

    /** How much depends on TLS that works. */
    public enum Demand {
        /** Senders do not deliver without it. */
        ENFORCED,
        /** Senders deliver, and report. */
        TESTED,
        /** Nobody asks for it, or nobody can find out who does. */
        NONE
    }

    /** Looks now; what is wrong with the policy itself is for another probe to say. */
    public Demand look(RecordLookup lookup, Deadline deadline) {
        Found<String> texts = lookup.texts(MtaStsProbe.recordName(domain));
        if (StsRecord.among(texts.values()).size() != 1) {
            return Demand.NONE;
        }
        Found<InetAddress> addresses = lookup.addresses(PolicyHost.name(domain));
        if (addresses.state() != State.FOUND) {
            return Demand.NONE;
        }
        return host.fetch(domain, addresses.values(), deadline)
                .body()
                .flatMap(body -> StsPolicy.parse(body).policy())
                .map(policy -> switch (policy.mode()) {
                    case ENFORCE -> Demand.ENFORCED;
                    case TESTING -> Demand.TESTED;
                    case NONE -> Demand.NONE;
                })
                .orElse(Demand.NONE);
    }
}
