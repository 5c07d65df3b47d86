package org.understudy.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.understudy.agent.config.AgentSection;
import org.understudy.agent.config.DnsSection;
import org.understudy.agent.config.PolicySection;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.probes.Baselines;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.HostHistory;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeLoad;
import org.understudy.probes.Probes;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.SmtpProbes;
import org.understudy.probes.VantageStanding;

/**
 * The probes that look at a domain from outside and need nothing of it but its name: the agent runs them again and again, an
 * audit once. Immutable.
 */
public final class DomainProbes {
    /** A host with two dead addresses is to be told from one that is slow while somebody waits. */
    private static final Duration CONNECT_ONCE = Duration.ofSeconds(4);

    private final ProbeRhythm rhythm;
    private final DnsSettings dns;
    private final SmtpProbes smtp;
    private final PolicySettings policies;
    private final Function<MailDomain, Probe> blockLists;
    private final Function<MailDomain, Probe> senderIdentities;
    private final Baselines baselines;
    private final Clock clock;

    private DomainProbes(
            ProbeRhythm rhythm,
            DnsSettings dns,
            SmtpProbes smtp,
            PolicySettings policies,
            Baselines baselines,
            Clock clock) {
        this.rhythm = rhythm;
        this.dns = dns;
        this.smtp = smtp;
        this.policies = policies;
        this.blockLists = Probes.blockLists(dns, policies, clock);
        this.senderIdentities = Probes.senderIdentities(dns, policies, clock);
        this.baselines = baselines;
        this.clock = clock;
    }

    /**
     * To be run again and again.
     *
     * @param baselines what was normal before, so that changes are seen
     * @param history how servers have been answering
     */
    static DomainProbes of(AgentConfiguration configuration, Baselines baselines, HostHistory history, Clock clock) {
        DnsSettings dns = configuration.dns().settings();
        SmtpProbeSettings settings = settings(configuration.agent(), configuration.probes());
        return new DomainProbes(
                new ProbeRhythm(configuration.probes(), configuration.policy()),
                dns,
                Probes.smtp(settings, dns, history, clock),
                configuration.policySettings(),
                baselines,
                clock);
    }

    /** To be run once, for somebody who waits. */
    public static DomainProbes once(
            AgentSection agent, DnsSection section, ProbesSection probes, PolicySettings policies, Clock clock) {
        DnsSettings dns = section.settings();
        SmtpProbeSettings settings = settings(agent, probes).withConnectTimeout(CONNECT_ONCE);
        return new DomainProbes(
                new ProbeRhythm(probes, PolicySection.standard()),
                dns,
                Probes.smtp(settings, dns, HostHistory.inMemory(), clock),
                policies,
                Baselines.inMemory(),
                clock);
    }

    private static SmtpProbeSettings settings(AgentSection agent, ProbesSection probes) {
        return probes.sessions().settings(agent.name(), probes.questions().toJavaDuration());
    }

    /** What the probes of a domain have seen of its primary. */
    public PrimarySight sight(MailDomain domain) {
        return smtp.of(domain).sight();
    }

    /** Why no mail server at all seems to be within reach; empty if one is. */
    Optional<String> egressTrouble() {
        return smtp.egressTrouble();
    }

    /** What asks mail servers; others who do take turns with it. */
    SmtpProbes smtp() {
        return smtp;
    }

    /** How mail servers take the place that is asked from. */
    VantageStanding standing() {
        return smtp.standing();
    }

    /** What the probes have asked of each mail server lately, and how it took that. */
    List<ProbeLoad> loads() {
        return smtp.loads();
    }

    /** All of one domain, with their rhythm. */
    public List<ScheduledProbe> of(MailDomain domain) {
        List<ScheduledProbe> probes = new ArrayList<>();
        addDns(domain, probes);
        if (domain.intent().mail()) {
            addPolicies(domain, probes);
        }
        addSmtp(domain, probes);
        return probes;
    }

    private void addDns(MailDomain domain, List<ScheduledProbe> probes) {
        probes.add(rhythm.mxContract(Probes.mxContract(domain, dns, baselines, clock)));
        probes.add(rhythm.mxContract(Probes.mxTargets(domain, dns, clock)));
        probes.add(rhythm.mxContract(Probes.delegation(domain, dns, clock)));
        if (!domain.intent().subdomains().isEmpty()) {
            probes.add(rhythm.mxContract(Probes.subdomains(domain, dns, clock)));
        }
        if (!dns.trustAnchors().isEmpty()) {
            probes.add(rhythm.mxContract(Probes.dnssec(domain, dns, clock)));
        }
    }

    private void addPolicies(MailDomain domain, List<ScheduledProbe> probes) {
        probes.add(rhythm.policy(Probes.mtaSts(domain, dns, policies, baselines, clock)));
        probes.add(rhythm.policy(Probes.tlsReporting(domain, dns, clock)));
        smtp.tls(domain, policies, baselines).stream().map(rhythm::policy).forEach(probes::add);
        if (domain.exchangers(Role.BACKUP).isEmpty()) {
            return;
        }
        probes.add(rhythm.policy(senderIdentities.apply(domain)));
        if (!policies.blockLists().isEmpty()) {
            probes.add(rhythm.policy(blockLists.apply(domain)));
        }
    }

    private void addSmtp(MailDomain domain, List<ScheduledProbe> probes) {
        SmtpProbes.OfDomain ofDomain = smtp.of(domain);
        ofDomain.reachability().stream().map(rhythm::smtp).forEach(probes::add);
        ofDomain.questions().stream().map(rhythm::questions).forEach(probes::add);
        ofDomain.lineEnds().stream().map(rhythm::lineEnds).forEach(probes::add);
    }
}
