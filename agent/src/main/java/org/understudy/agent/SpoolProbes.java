package org.understudy.agent;

import java.time.Clock;
import java.util.List;
import org.understudy.agent.bridge.SpoolArrivals;
import org.understudy.agent.bridge.SpoolForwardingSource;
import org.understudy.agent.bridge.SpoolHeaders;
import org.understudy.agent.bridge.SpoolQueueSource;
import org.understudy.agent.bridge.SpoolSamples;
import org.understudy.agent.bridge.SpoolStoreSource;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.Probe;
import org.understudy.probes.Probes;
import org.understudy.probes.QueueThresholds;
import org.understudy.probes.SampleDisposal;
import org.understudy.smtp.DomainName;
import org.understudy.spool.Spool;

/** The probes that look into the bundled spool. Immutable. */
final class SpoolProbes {
    private final AgentConfiguration configuration;
    private final Spool spool;
    private final ProbeRhythm rhythm;
    private final Clock clock;

    SpoolProbes(AgentConfiguration configuration, Spool spool, Clock clock) {
        this.configuration = configuration;
        this.spool = spool;
        this.rhythm = new ProbeRhythm(configuration.probes(), configuration.policy());
        this.clock = clock;
    }

    /** How old mail may become. The lab keeps none for long. */
    static QueueThresholds thresholds(AgentConfiguration configuration) {
        QueueThresholds standard = QueueThresholds.standard();
        return configuration.lab().enabled() ? standard.withAnyRetention() : standard;
    }

    /**
     * What looks at the mail that the spool has for a domain; nothing if it takes none for it.
     *
     * @param sight of the primary from elsewhere than the spool
     */
    List<ScheduledProbe> of(MailDomain domain, PrimarySight sight) {
        DomainName name = domain.name();
        if (!configuration.spool().routes().containsKey(name)) {
            return List.of();
        }
        SpoolQueueSource queue = new SpoolQueueSource(spool, name, this::room, clock);
        List<Probe> probes = List.of(
                Probes.queueAge(name, queue, thresholds(configuration), clock),
                Probes.forwarding(name, new SpoolForwardingSource(spool, name), sight, clock),
                Probes.backupUse(domain, new SpoolArrivals(spool, name), sight, clock),
                Probes.signatureExpiry(name, queue, new SpoolHeaders(spool, name), clock));
        return probes.stream().map(rhythm::queue).toList();
    }

    /** Looks where the spool keeps its mail. */
    ScheduledProbe store() {
        return rhythm.queue(Probes.store(
                configuration.spoolName(),
                new SpoolStoreSource(
                        spool,
                        configuration.spool().directory(),
                        configuration.spool().reserve().toBytes()),
                clock));
    }

    /** Throws samples of content away that the spool still has. */
    SampleDisposal samples(CanarySettings canary) {
        return new SpoolSamples(spool, configuration.spoolName(), canary.sampleSender());
    }

    /** Octets before the spool takes no more. */
    private long room() {
        return configuration.spool().directory().toFile().getUsableSpace()
                - configuration.spool().reserve().toBytes();
    }
}
