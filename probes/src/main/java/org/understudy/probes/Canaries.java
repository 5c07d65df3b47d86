package org.understudy.probes;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpClientSettings;

/**
 * Canaries: small signed messages that are sent through one exchanger, found in a mailbox, and prove by their trace fields
 * which way they took. What is known of each survives a restart.
 *
 * <p>Thread-safe.
 */
public final class Canaries implements AutoCloseable {

    private Canaries() {}

    /**
     * Opens the ledger and brings its tables up to date. Nothing is sent or read before {@link #start()}.
     *
     * @param database SQLite; may hold tables of others
     * @param key secret with which canaries are signed; those signed with another one are taken for forged
     * @param smtp how canaries are sent; its timeout for the final dot should be 10 minutes
     * @param held our own spool, or {@link HeldMessages#NONE}
     */
    public static Canaries open(
            DataSource database,
            byte[] key,
            AddressLookup addresses,
            SmtpClientSettings smtp,
            HeldMessages held,
            Clock clock) {
        return new Canaries();
    }

    /** A probe of one path, {@code canary/<domain>/<host>}; its mailbox is watched from now on, or from the start on. */
    public Probe probe(MailDomain domain, Exchanger exchanger, CanarySettings settings) {
        String id = "canary/" + domain.name() + "/" + exchanger.host();
        return new Probe() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public DomainName domain() {
                return domain.name();
            }

            @Override
            public ProbeResult run(org.understudy.smtp.Deadline deadline) {
                return new ProbeResult(
                        id,
                        java.time.Instant.EPOCH,
                        java.time.Duration.ZERO,
                        Outcome.SKIPPED,
                        List.of(),
                        "not there yet",
                        java.util.Map.of(),
                        java.util.Map.of(),
                        "");
            }
        };
    }

    /** Begins to watch the mailboxes. */
    public void start() {}

    /** The newest canary through an exchanger, in whatever state. */
    public Optional<CanaryEvidence> latest(DomainName domain, DomainName host) {
        return Optional.empty();
    }

    /** The newest canary through an exchanger that was found once and took the way it should. */
    public Optional<CanaryEvidence> latestConfirmed(DomainName domain, DomainName host) {
        return Optional.empty();
    }

    /** Canaries of a domain, newest first. */
    public List<CanaryEvidence> recent(DomainName domain, int limit) {
        return List.of();
    }

    /** Stops watching; returns when the watchers have ended or after a few seconds. */
    @Override
    public void close() {}
}
