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
import org.understudy.probes.smtp.SmtpReachabilityProbe;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpClientSettings;

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

    /** Opens an SMTP session with every address of one exchanger. */
    public static Probe smtp(
            MailDomain domain, Exchanger exchanger, DnsSettings dns, SmtpClientSettings client, Clock clock) {
        return new SmtpReachabilityProbe(domain.name(), exchanger, addresses(dns), client, clock);
    }

    /** Looks at the age of a queue. */
    public static Probe queueAge(DomainName domain, QueueSource source, QueueThresholds thresholds, Clock clock) {
        return new QueueAgeProbe(domain, source, thresholds, clock);
    }

    /** Looks whether a next hop takes what is held for it. */
    public static Probe forwarding(DomainName domain, ForwardingSource source, Clock clock) {
        return new ForwardingProbe(domain, source, clock);
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
