package org.understudy.probes;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.understudy.probes.dns.DelegationProbe;
import org.understudy.probes.dns.DnsAddressLookup;
import org.understudy.probes.dns.DnssecProbe;
import org.understudy.probes.dns.MxContractProbe;
import org.understudy.probes.dns.MxTargetsProbe;
import org.understudy.probes.dns.PresumedContract;
import org.understudy.probes.dns.ResolverInspection;
import org.understudy.probes.dns.SpecialAddresses;
import org.understudy.probes.dns.SpfEvaluation;
import org.understudy.probes.dns.SubdomainProbe;
import org.understudy.probes.dns.TrustAnchors;
import org.understudy.probes.policy.BlockListProbe;
import org.understudy.probes.policy.BlockLists;
import org.understudy.probes.policy.ClientLists;
import org.understudy.probes.policy.MtaStsProbe;
import org.understudy.probes.policy.SenderIdentityProbe;
import org.understudy.probes.policy.TlsRptProbe;
import org.understudy.probes.queue.BackupUseProbe;
import org.understudy.probes.queue.ForwardingProbe;
import org.understudy.probes.queue.QueueAgeProbe;
import org.understudy.probes.queue.SignatureExpiryProbe;
import org.understudy.probes.queue.StoreProbe;
import org.understudy.smtp.DomainName;

/** Makes the probes that need nothing but the network and the clock. */
public final class Probes {
    /** Kind of the probe that looks where a spool keeps its mail: it is of no domain, and has the spool's name instead. */
    public static final String STORE = "store";

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

    /** Looks at the MTA-STS policy of a domain, and whether it allows every exchanger. */
    public static Probe mtaSts(
            MailDomain domain, DnsSettings dns, PolicySettings settings, Baselines baselines, Clock clock) {
        return new MtaStsProbe(domain, dns, settings, baselines, clock);
    }

    /** Looks where reports about TLS failures go. */
    public static Probe tlsReporting(MailDomain domain, DnsSettings dns, Clock clock) {
        return new TlsRptProbe(domain, dns, clock);
    }

    /** Makes the probes that look what backups may send as the domain, and as themselves. All that come from one call share SPF. */
    public static Function<MailDomain, Probe> senderIdentities(DnsSettings dns, PolicySettings settings, Clock clock) {
        SpfCheck spf = spf(dns);
        return domain -> new SenderIdentityProbe(domain, dns, spf, settings, clock);
    }

    /**
     * Makes the probes that look whether the backups of a domain are on the block lists of the settings. All that come from one
     * call share their questions.
     */
    public static Function<MailDomain, Probe> blockLists(DnsSettings dns, PolicySettings settings, Clock clock) {
        BlockLists lists = new BlockLists(settings.blockLists(), clock);
        return domain -> new BlockListProbe(domain, dns, lists, settings, clock);
    }

    /** Looks at the age of the bundled spool's queue. */
    public static Probe queueAge(DomainName domain, QueueSource source, QueueThresholds thresholds, Clock clock) {
        return new QueueAgeProbe(domain, source, thresholds, clock);
    }

    /**
     * Looks whether signatures of waiting mail expire before it is likely to be handed over.
     *
     * @param headers of the same queue
     */
    public static Probe signatureExpiry(DomainName domain, QueueSource source, HeldHeaders headers, Clock clock) {
        return new SignatureExpiryProbe(domain, source, headers, clock);
    }

    /**
     * Looks at the age of another server's queue.
     *
     * @param host of whom the queue is
     */
    public static Probe queueAge(
            DomainName domain, DomainName host, QueueSource source, QueueThresholds thresholds, Clock clock) {
        return new QueueAgeProbe(domain, host, source, thresholds, clock);
    }

    /** Looks where a spool keeps its mail. */
    public static Probe store(DomainName spool, StoreSource source, Clock clock) {
        return new StoreProbe(spool, source, clock);
    }

    /**
     * Looks whether mail comes through a backup while the primary answers.
     *
     * @param sight of the primary from elsewhere than the backup
     */
    public static Probe backupUse(MailDomain domain, BackupArrivals arrivals, PrimarySight sight, Clock clock) {
        return new BackupUseProbe(domain, arrivals, sight, clock);
    }

    /**
     * Looks whether a next hop takes what is held for it.
     *
     * @param sight of the primary from elsewhere than the backup's lane
     */
    public static Probe forwarding(DomainName domain, ForwardingSource source, PrimarySight sight, Clock clock) {
        return new ForwardingProbe(domain, source, sight, clock);
    }

    /**
     * A domain as its MX records describe it, where nobody has declared it: the exchangers that are tried first are taken for
     * primaries, all others for backups. A domain whose only record is the null MX takes no mail.
     *
     * @param port of every exchanger
     * @throws IOException if the resolver does not say what the records are; the message says why
     */
    public static MailDomain presumed(DomainName domain, int port, DnsSettings dns) throws IOException {
        return new PresumedContract(dns).look(domain, port);
    }

    /** SPF as DNS has it. */
    public static SpfCheck spf(DnsSettings dns) {
        return new SpfEvaluation(dns);
    }

    /** Looks clients up in DNS block lists. */
    public static ClientListCheck clientLists(DnsSettings dns, List<DomainName> lists, Clock clock) {
        return new ClientLists(dns, lists, clock);
    }

    /**
     * Looks whether the resolvers of the settings can be relied on.
     *
     * @param domains that exist, to be asked for
     */
    public static ResolverCheck resolvers(DnsSettings dns, List<DomainName> domains) {
        return new ResolverInspection(dns, domains);
    }

    /** True if others on the Internet can know an address, or the operator says so. */
    public static boolean isPublic(InetAddress address, DnsSettings dns) {
        return SpecialAddresses.use(address).isEmpty() || dns.isDeclaredPublic(address);
    }

    /** Addresses as DNS has them. */
    public static AddressLookup addresses(DnsSettings dns) {
        return new DnsAddressLookup(dns);
    }
}
