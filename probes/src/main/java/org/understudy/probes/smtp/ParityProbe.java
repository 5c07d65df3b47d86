package org.understudy.probes.smtp;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;

/**
 * Compares what a backup offers and answers with what the primary does: what only one of the two takes, is lost or comes back late
 * when it matters. The facts of the result are the comparison, a line for each thing.
 */
public final class ParityProbe extends DomainProbe {
    private final DomainHosts hosts;
    private final Exchanger backup;
    private final ExtensionParity extensions;
    private final RecipientParity recipients;
    private final SharedHost shared;
    /** Rounds that were compared last. */
    private final Map<Exchanger, Long> compared = new ConcurrentHashMap<>();

    /** @param dns for the networks that are declared to be independent */
    public ParityProbe(DomainHosts hosts, Exchanger backup, DnsSettings dns, Clock clock) {
        super("parity", hosts.domain().name(), backup.host().text(), clock);
        this.hosts = hosts;
        this.backup = backup;
        this.extensions = new ExtensionParity(backup, hosts.intent());
        this.recipients = new RecipientParity(backup, hosts.intent());
        this.shared = new SharedHost(backup, dns);
    }

    @Override
    public boolean hasToWait() {
        return hosts.all().stream().anyMatch(HostInterviews::hasToWait);
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        List<AddressAnswers> entrances = new ArrayList<>();
        for (HostInterviews entrance : hosts.entrances()) {
            Optional<HostAnswers> round = round(result, entrance, deadline);
            if (round.isEmpty()) {
                return;
            }
            entrances.addAll(round.get().open());
        }
        Optional<HostAnswers> round = round(result, hosts.of(backup), deadline);
        if (round.isPresent()) {
            List<AddressAnswers> ours = round.get().open();
            Comparison comparison = new Comparison(entrances, ours);
            Matrix.describe(result, comparison);
            extensions.judge(result, comparison);
            recipients.judge(result, comparison);
            shared.judge(result, comparison);
        }
    }

    /** Empty, and the result says so, if there is nothing to compare. */
    private Optional<HostAnswers> round(ResultBuilder result, HostInterviews host, Deadline deadline) {
        Exchanger exchanger = host.exchanger();
        HostAnswers round = host.fullAfter(compared.getOrDefault(exchanger, 0L), deadline);
        if (round.trouble().isPresent()) {
            result.unknown(round.trouble().get());
            return Optional.empty();
        }
        if (!round.isAnswering()) {
            result.skip(exchanger.host() + " does not answer: there is nothing to compare");
            return Optional.empty();
        }
        compared.put(exchanger, round.serial());
        return Optional.of(round);
    }
}
