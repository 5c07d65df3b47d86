package org.understudy.probes;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.canary.CanarySigner;
import org.understudy.probes.content.ContentProbe;
import org.understudy.probes.content.storage.SampleLedger;
import org.understudy.probes.dns.DnsAddressLookup;
import org.understudy.probes.smtp.DomainHosts;
import org.understudy.probes.smtp.HostAnswersProbe;
import org.understudy.probes.smtp.LineEndProbe;
import org.understudy.probes.smtp.ParityProbe;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.probes.smtp.SmtpReachabilityProbe;
import org.understudy.probes.tls.DaneProbe;
import org.understudy.probes.tls.Handshakes;
import org.understudy.probes.tls.TlsProbe;

/**
 * Makes the probes that talk to mail servers. Those of one domain share their sessions, and those of all domains the limit of sessions
 * with one server. Thread-safe.
 */
public final class SmtpProbes {
    private static final Duration LINE_END_PATIENCE = Duration.ofSeconds(10);

    private final SmtpQuestioner questioner;
    private final AddressLookup addresses;
    private final Handshakes handshakes;
    private final DnsSettings dns;
    private final HostHistory history;
    private final Clock clock;
    private final Map<MailDomain, OfDomain> made = new ConcurrentHashMap<>();

    SmtpProbes(SmtpProbeSettings settings, DnsSettings dns, HostHistory history, Clock clock) {
        this.addresses = new DnsAddressLookup(dns);
        this.questioner = new SmtpQuestioner(settings, addresses, clock);
        this.handshakes = new Handshakes(settings.client(), questioner.gate(), clock);
        this.dns = dns;
        this.history = history;
        this.clock = clock;
    }

    /**
     * The probes of one domain.
     *
     * @param reachability looks whether an exchanger takes mail; one for each that is no tarpit
     * @param questions asks everything: one for each exchanger, and one for each backup that compares it with the primary
     * @param lineEnds looks where exchangers end messages, which intrudes; none unless the settings want it
     * @param sight what they have seen of the primary
     */
    public record OfDomain(List<Probe> reachability, List<Probe> questions, List<Probe> lineEnds, PrimarySight sight) {
        public OfDomain {
            reachability = List.copyOf(reachability);
            questions = List.copyOf(questions);
            lineEnds = List.copyOf(lineEnds);
        }
    }

    /** Why no mail server at all seems to be within reach of this machine; empty if one is, as far as the probes have seen. */
    public Optional<String> egressTrouble() {
        return questioner.trouble();
    }

    /** Hands samples of content to the exchangers of a domain, in turn with all that these probes ask. */
    Probe content(
            MailDomain domain,
            CanarySettings settings,
            SampleLedger ledger,
            CanarySigner signer,
            SampleDisposal disposal,
            Duration interval) {
        ContentProbe.Tools tools = new ContentProbe.Tools(ledger, signer, questioner, addresses, disposal);
        return new ContentProbe(domain, settings, tools, interval, clock);
    }

    /** How mail servers take the place that is asked from. */
    public VantageStanding standing() {
        return questioner.standing();
    }

    /** What the probes have asked of each server lately, and how it took that. */
    public List<ProbeLoad> loads() {
        return questioner.loads();
    }

    /**
     * Makes the probes that begin TLS with the exchangers of a domain: one compares backups with primaries, and with trust anchors
     * there is one that looks at DANE. They share their handshakes.
     */
    public List<Probe> tls(MailDomain domain, PolicySettings policies, Baselines baselines) {
        Probe exchangers = new TlsProbe(domain, dns, questioner.settings().client(), handshakes, policies, clock);
        return dns.trustAnchors().isEmpty()
                ? List.of(exchangers)
                : List.of(exchangers, new DaneProbe(domain, dns, handshakes, baselines, clock));
    }

    /** The same each time that one domain is asked for. */
    public OfDomain of(MailDomain domain) {
        return made.computeIfAbsent(domain, this::make);
    }

    private OfDomain make(MailDomain domain) {
        DomainHosts hosts = questioner.hosts(domain);
        List<Exchanger> answering = domain.exchangers().stream()
                .filter(e -> e.role() != Role.TARPIT)
                .toList();
        List<Probe> reachability = answering.stream()
                .<Probe>map(e -> new SmtpReachabilityProbe(hosts, e, history, clock))
                .toList();
        List<Probe> questions = new ArrayList<>();
        answering.forEach(e -> questions.add(new HostAnswersProbe(hosts, e, clock)));
        if (answering.stream().anyMatch(e -> e.role().isEntrance())) {
            domain.exchangers(Role.BACKUP).forEach(e -> questions.add(new ParityProbe(hosts, e, dns, clock)));
        }
        List<Probe> lineEnds = answering.stream()
                .filter(e -> questioner.settings().lineEndQuestions())
                .<Probe>map(e -> new LineEndProbe(hosts, e, LINE_END_PATIENCE, clock))
                .toList();
        return new OfDomain(reachability, questions, lineEnds, hosts::entranceUpSince);
    }
}
