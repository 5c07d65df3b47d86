package org.understudy.probes;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.understudy.probes.canary.CanaryService;
import org.understudy.probes.content.storage.SampleLedger;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpClientSettings;

/**
 * Canaries: small signed messages that are sent through one exchanger, found in a mailbox, and prove by their trace fields
 * which way they took. What is known of each survives a restart.
 *
 * <p>Thread-safe.
 */
public final class Canaries implements AutoCloseable {

    private final CanaryService service;
    private final SampleLedger samples;

    private Canaries(CanaryService service, SampleLedger samples) {
        this.service = service;
        this.samples = samples;
    }

    /**
     * Opens the ledger and brings its tables up to date. Nothing is sent or read before {@link #start()}.
     *
     * @param database SQLite; may hold tables of others
     * @param key secret with which canaries are signed; those signed with another one are taken for forged
     * @param smtp how canaries are sent; its timeout for the final dot should be the 10 minutes of RFC 5321 section
     *     4.5.3.2.6, since a shorter one makes duplicates
     * @param held our own spool, or {@link HeldMessages#NONE}
     * @throws RuntimeException if the database cannot be opened
     */
    public static Canaries open(
            DataSource database,
            byte[] key,
            AddressLookup addresses,
            SmtpClientSettings smtp,
            HeldMessages held,
            Clock clock) {
        return new Canaries(
                new CanaryService(database, key.clone(), addresses, smtp, held, clock), SampleLedger.open(database));
    }

    /** A probe of one path, {@code canary/<domain>/<host>}; its mailbox is watched from now on, or from the start on. */
    public Probe probe(MailDomain domain, Exchanger exchanger, CanarySettings settings) {
        return service.probe(domain, exchanger, settings);
    }

    /**
     * A probe that hands samples of content to primary and backups of a domain, and compares what they answer,
     * {@code content/<domain>/samples}. Samples that arrive are removed from the mailbox.
     *
     * @param smtp whose turns at the servers it takes
     * @param disposal takes samples out of a queue of our own
     * @param interval at which samples are sent, a day at least; the probe may run more often and tells what came of them
     */
    public Probe content(
            MailDomain domain, CanarySettings settings, SmtpProbes smtp, SampleDisposal disposal, Duration interval) {
        return smtp.content(domain, settings, samples, service.samples(settings), disposal, interval);
    }

    /** Begins to watch the mailboxes. */
    public void start() {
        service.start();
    }

    /** The newest canary through an exchanger, in whatever state. */
    public Optional<CanaryEvidence> latest(DomainName domain, DomainName host) {
        return service.ofPath(domain, host, 1).stream().findFirst();
    }

    /** The newest canary through an exchanger that was found once and took the way it should. */
    public Optional<CanaryEvidence> latestConfirmed(DomainName domain, DomainName host) {
        return service.newestConfirmed(domain, host);
    }

    /** Canaries of a domain, newest first. */
    public List<CanaryEvidence> recent(DomainName domain, int limit) {
        return service.ofDomain(domain, limit);
    }

    /** Stops watching; returns when the watchers have ended or after a few seconds. Runs that wait end at once. */
    @Override
    public void close() {
        service.close();
    }
}
