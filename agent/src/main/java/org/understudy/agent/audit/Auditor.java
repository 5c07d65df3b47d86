package org.understudy.agent.audit;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.understudy.agent.DomainProbes;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Probes;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Runs every probe of a domain once, side by side and within a time. Thread-safe. */
public final class Auditor {
    private static final int PROBES_AT_ONCE = 16;
    /** What a probe may take longer than it was told, to end by itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final DomainProbes probes;
    private final DnsSettings dns;
    private final Map<DomainName, MailDomain> declared;
    private final int smtpPort;
    private final Duration patience;
    private final Clock clock;

    /**
     * @param declared domains whose roles are known; those of others are taken from their MX records
     * @param smtpPort of exchangers that nobody has declared
     * @param patience how long all of one domain may take
     */
    public Auditor(
            DomainProbes probes,
            DnsSettings dns,
            Map<DomainName, MailDomain> declared,
            int smtpPort,
            Duration patience,
            Clock clock) {
        this.probes = probes;
        this.dns = dns;
        this.declared = Map.copyOf(declared);
        this.smtpPort = smtpPort;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Looks at many domains and hands over what was seen in the order in which they are named, each as soon as it is its turn.
     *
     * @param atOnce how many domains are looked at side by side
     */
    public void audit(List<DomainName> names, int atOnce, AuditProgress progress, Consumer<DomainAudit> seen)
            throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(Math.min(atOnce, names.size()), threads("audit"));
        try {
            List<Future<DomainAudit>> audits = names.stream()
                    .map(name -> workers.submit(() -> audit(name, progress)))
                    .toList();
            for (Future<DomainAudit> audit : audits) {
                seen.accept(audit.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an audit failed in a way that nobody foresaw", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private DomainAudit audit(DomainName name, AuditProgress progress) throws InterruptedException {
        long begun = System.nanoTime();
        Deadline deadline = Deadline.after(patience);
        Optional<MailDomain> known = Optional.ofNullable(declared.get(name));
        Optional<MailDomain> domain = known;
        List<ProbeResult> results = List.of();
        String trouble = "";
        progress.domainBegun(name);
        try {
            MailDomain contract = known.isPresent() ? known.get() : Probes.presumed(name, smtpPort, dns);
            domain = Optional.of(contract);
            results = run(contract, deadline, progress);
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
        } finally {
            progress.domainEnded(name);
        }
        return new DomainAudit(
                name, domain, known.isEmpty(), results, trouble, Duration.ofNanos(System.nanoTime() - begun));
    }

    private List<ProbeResult> run(MailDomain domain, Deadline deadline, AuditProgress progress)
            throws InterruptedException {
        List<Probe> wanted =
                probes.of(domain).stream().map(scheduled -> scheduled.probe()).toList();
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.min(PROBES_AT_ONCE, wanted.size()), threads("probe"));
        try {
            Map<Probe, Future<ProbeResult>> running = new LinkedHashMap<>();
            for (Probe probe : wanted) {
                running.put(probe, workers.submit(() -> {
                    ProbeResult result = probe.run(deadline);
                    progress.probeEnded(domain.name(), probe.id());
                    return result;
                }));
            }
            List<ProbeResult> results = new ArrayList<>();
            for (Map.Entry<Probe, Future<ProbeResult>> one : running.entrySet()) {
                results.add(result(one.getKey(), one.getValue(), deadline));
            }
            return results;
        } finally {
            workers.shutdownNow();
        }
    }

    private ProbeResult result(Probe probe, Future<ProbeResult> running, Deadline deadline)
            throws InterruptedException {
        try {
            return running.get(deadline.remaining().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new ResultBuilder(probe, clock)
                    .unknown("had not ended after " + patience.toSeconds() + " s")
                    .build();
        } catch (ExecutionException e) {
            return new ResultBuilder(probe, clock)
                    .unknown("unforeseen: " + e.getCause())
                    .build();
        }
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            // A probe that does not end keeps nobody.
            thread.setDaemon(true);
            return thread;
        };
    }
}
