package org.understudy.probes;

import java.time.Clock;
import org.understudy.probes.dns.DelegationProbe;
import org.understudy.probes.dns.DnsAddressLookup;
import org.understudy.probes.dns.DnssecProbe;
import org.understudy.probes.dns.MxContractProbe;
import org.understudy.probes.dns.MxTargetsProbe;
import org.understudy.probes.dns.SpfEvaluation;
import org.understudy.probes.dns.SubdomainProbe;
import org.understudy.probes.dns.TrustAnchors;
import org.understudy.probes.queue.ForwardingProbe;
import org.understudy.probes.queue.QueueAgeProbe;
import org.understudy.smtp.DomainName;

/** Makes the probes that need nothing but the network and the clock. */
public final class Probes {

    private Probes() {}

    /** Compares the MX records on every authoritative server, and at the resolver, with what is declared. */
    public static Probe mxContract(MailDomain domain, DnsSettings dns, Baselines baselines, Clock clock) {
        return new MxContractProbe(domain, dns, baselines, clock);
    }

    /** Looks at the names and addresses of all exchangers, and at what they share. */
    public static Probe mxTargets(MailDomain domain, DnsSettings dns, Clock clock) {
        return new MxTargetsProbe(domain, dns, clock);
    }

    /** Compares what the parent zone says of the domain's name servers with what the zone says. */
    public static Probe delegation(MailDomain domain, DnsSettings dns, Clock clock) {
        return new DelegationProbe(domain, dns, clock);
    }

    /** Compares the MX records of the domain's subdomains with its own. */
    public static Probe subdomains(MailDomain domain, DnsSettings dns, Clock clock) {
        return new SubdomainProbe(domain, dns, clock);
    }

    /** Validates the signatures of MX records and addresses from the trust anchors of the settings. */
    public static Probe dnssec(MailDomain domain, DnsSettings dns, Clock clock) {
        return new DnssecProbe(domain, dns, clock);
    }

    /**
     * Looks whether a text can be the trust anchors of {@link DnsSettings}.
     *
     * @throws IllegalArgumentException if not; the message says why
     */
    public static void checkTrustAnchors(String text) {
        TrustAnchors.check(text);
    }

    /** What asks the mail servers of many domains: each at most so often at a time as the settings say. */
    public static SmtpProbes smtp(SmtpProbeSettings settings, DnsSettings dns, HostHistory history, Clock clock) {
        return new SmtpProbes(settings, dns, history, clock);
    }

    /** Looks at the age of a queue. */
    public static Probe queueAge(DomainName domain, QueueSource source, QueueThresholds thresholds, Clock clock) {
        return new QueueAgeProbe(domain, source, thresholds, clock);
    }

    /**
     * Looks whether a next hop takes what is held for it.
     *
     * @param sight of the primary from elsewhere than the backup's lane
     */
    public static Probe forwarding(DomainName domain, ForwardingSource source, PrimarySight sight, Clock clock) {
        return new ForwardingProbe(domain, source, sight, clock);
    }

    /** SPF as DNS has it. */
    public static SpfCheck spf(DnsSettings dns) {
        return new SpfEvaluation(dns);
    }

    /** Addresses as DNS has them. */
    public static AddressLookup addresses(DnsSettings dns) {
        return new DnsAddressLookup(dns);
    }
}
