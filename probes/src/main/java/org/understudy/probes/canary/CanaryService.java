package org.understudy.probes.canary;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.HeldMessages;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpClientSettings;

/** Puts the parts together and keeps one watcher per mailbox. Thread-safe. */
public final class CanaryService implements AutoCloseable {
    private final CanaryLedger ledger;
    private final Map<String, CanaryPath> paths = new ConcurrentHashMap<>();
    private final ArrivalSignal signal = new ArrivalSignal();
    private final Custody custody;
    private final Examiner examiner;
    private final SampleSweep samples;
    private final CanarySigner signer;
    private final Clock clock;
    private final CanaryProbe.Workshop workshop;

    // Guarded by this.
    private final Map<ImapSettings, MailboxWatcher> watchers = new HashMap<>();
    private boolean started;

    /** @param key secret with which canaries are signed */
    public CanaryService(
            DataSource database,
            byte[] key,
            AddressLookup addresses,
            SmtpClientSettings smtp,
            HeldMessages held,
            Clock clock) {
        this.ledger = CanaryLedger.open(database);
        this.clock = clock;
        this.custody = new Custody(ledger, held, clock);
        this.signer = new CanarySigner(key, clock);
        this.samples = new SampleSweep(signer);
        this.examiner = new Examiner(ledger, signer, paths, clock);
        this.workshop = new CanaryProbe.Workshop(
                ledger,
                signer,
                addresses,
                new Injector(smtp, clock),
                new Settlement(ledger, custody, clock),
                new CanaryFindings(ledger, paths.keySet(), clock),
                signal,
                clock);
    }

    public Probe probe(MailDomain domain, Exchanger exchanger, CanarySettings settings) {
        CanaryPath path = new CanaryPath(domain, exchanger, settings);
        paths.put(path.text(), path);
        return new CanaryProbe(path, workshop, watch(settings).reads());
    }

    /** Signs samples that are sent to a mailbox, which is watched for them from now on, or from the start on. */
    public CanarySigner samples(CanarySettings settings) {
        watch(settings);
        return signer;
    }

    private synchronized MailboxWatcher watch(CanarySettings settings) {
        MailboxWatcher known = watchers.get(settings.imap());
        if (known != null) {
            known.pollAtLeastEvery(settings.pollInterval());
            return known;
        }
        MailboxWatcher watcher = new MailboxWatcher(
                settings.imap(),
                settings.pollInterval(),
                new MailboxScan(settings.imap(), examiner, samples, ledger, clock),
                custody,
                signal,
                clock);
        watchers.put(settings.imap(), watcher);
        if (started) {
            watcher.start();
        }
        return watcher;
    }

    public synchronized void start() {
        if (!started) {
            started = true;
            watchers.values().forEach(MailboxWatcher::start);
        }
    }

    /** Newest first. */
    public List<CanaryEvidence> ofPath(DomainName domain, DomainName host, int limit) {
        return ledger.ofPath(domain + "/" + host, limit).stream()
                .map(CanaryRow::evidence)
                .toList();
    }

    public Optional<CanaryEvidence> newestConfirmed(DomainName domain, DomainName host) {
        return ledger.newestConfirmed(domain + "/" + host).map(CanaryRow::evidence);
    }

    /** Newest first. */
    public List<CanaryEvidence> ofDomain(DomainName domain, int limit) {
        return ledger.ofDomain(domain, limit).stream().map(CanaryRow::evidence).toList();
    }

    @Override
    public void close() {
        signal.close();
        List<MailboxWatcher> all;
        synchronized (this) {
            all = List.copyOf(watchers.values());
        }
        all.forEach(MailboxWatcher::close);
    }
}
