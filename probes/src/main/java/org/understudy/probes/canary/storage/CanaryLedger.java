package org.understudy.probes.canary.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.understudy.probes.storage.ProbeTables;
import org.understudy.smtp.DomainName;

/** What is known of every canary. Each change is durable on return. Thread-safe. */
public final class CanaryLedger {
    private static final String NEWEST_FIRST = " ORDER BY seq DESC LIMIT :limit";

    private final ProbeTables tables;

    private CanaryLedger(ProbeTables tables) {
        this.tables = tables;
    }

    /** Brings the tables up to date. The file may hold tables of others. */
    public static CanaryLedger open(DataSource dataSource) {
        return new CanaryLedger(ProbeTables.open(dataSource, CanaryLedger.class, "canary"));
    }

    /** To be called before the first octet leaves, so that no sighting is ever of an unknown canary. */
    public void create(NewCanary canary) {
        tables.change(
                handle -> handle.createUpdate("INSERT INTO canary (id, domain, host, path, mailbox, may_be_held, token,"
                                + " created_at, body_hash, state) VALUES (:id, :domain, :host, :path, :mailbox, :held, :token,"
                                + " :created, :hash, 'CREATED')")
                        .bind("id", canary.id())
                        .bind("domain", canary.domain().text())
                        .bind("host", canary.host().text())
                        .bind("path", canary.path())
                        .bind("mailbox", canary.mailbox())
                        .bind("held", canary.mayBeHeld())
                        .bind("token", canary.token())
                        .bind("created", canary.createdAt().toEpochMilli())
                        .bind("hash", canary.bodyHash())
                        .execute());
    }

    /** Records the injection. The state stays if the canary was found in the meantime. */
    public void injected(String id, Injected injected) {
        tables.change(handle -> handle.createUpdate(
                        "UPDATE canary SET address = :address, offered = :offered, reply = :reply,"
                                + " queue_id = :queue, accepted_at = :accepted,"
                                + " trouble = CASE state WHEN 'CREATED' THEN :trouble ELSE trouble END,"
                                + " state = CASE state WHEN 'CREATED' THEN :state ELSE state END WHERE id = :id")
                .bind("id", id)
                .bind("address", injected.address())
                .bind("offered", injected.offered())
                .bind("reply", injected.reply())
                .bind("queue", injected.queueId())
                .bind("accepted", Rows.millis(injected.acceptedAt()))
                .bind("trouble", injected.trouble())
                .bind("state", injected.state().name())
                .execute());
    }

    /** Our own spool has it, or has just given it away. */
    public void held(String id, boolean held, Instant now) {
        tables.change(handle -> handle.createUpdate("UPDATE canary SET state = :state, held_until = :now"
                        + " WHERE id = :id AND state IN ('ACCEPTED', 'HELD')")
                .bind("id", id)
                .bind("state", held ? "HELD" : "ACCEPTED")
                .bind("now", now.toEpochMilli())
                .execute());
    }

    /** It was due and not there. */
    public void late(String id) {
        tables.change(handle -> handle.createUpdate("UPDATE canary SET late = 1 WHERE id = :id AND state = 'ACCEPTED'")
                .bind("id", id)
                .execute());
    }

    public void lost(String id, String trouble) {
        tables.change(handle -> handle.createUpdate(
                        "UPDATE canary SET state = 'LOST', late = 1, trouble = :trouble WHERE id = :id AND state = 'ACCEPTED'")
                .bind("id", id)
                .bind("trouble", trouble)
                .execute());
    }

    /** A failure notice came. What was found in the mailbox stays found. */
    public void bounced(String id, String trouble) {
        tables.change(
                handle -> handle.createUpdate("UPDATE canary SET state = 'BOUNCED', trouble = :trouble WHERE id = :id"
                                + " AND state NOT IN ('SEEN', 'DUPLICATED')")
                        .bind("id", id)
                        .bind("trouble", trouble)
                        .execute());
    }

    /** Records a find; a second delivery of the same canary makes it a duplicate, a copy of the first does not. */
    public void sighted(Sighting sighting) {
        tables.change(handle -> {
            boolean known =
                    handle.createQuery("SELECT count(*) FROM canary_sighting WHERE canary = :canary AND chain = :chain")
                                    .bind("canary", sighting.canary())
                                    .bind("chain", sighting.chain())
                                    .mapTo(Integer.class)
                                    .one()
                            > 0;
            Rows.insert(handle, sighting);
            if (!known) {
                Rows.promote(handle, sighting);
            }
        });
    }

    public Optional<CanaryRow> find(String id) {
        return tables.read(handle -> handle.createQuery("SELECT * FROM canary WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> Rows.canary(row))
                .findOne());
    }

    /** Canaries through one exchanger, newest first. */
    public List<CanaryRow> ofPath(String path, int limit) {
        return rows("path = :key", path, limit);
    }

    /** Canaries of one domain, newest first. */
    public List<CanaryRow> ofDomain(DomainName domain, int limit) {
        return rows("domain = :key", domain.text(), limit);
    }

    /** The newest that was found once and whose path is proven. */
    public Optional<CanaryRow> newestConfirmed(String path) {
        return rows("path = :key AND state = 'SEEN' AND path_proven = 1", path, 1).stream()
                .findFirst();
    }

    /** Accepted, and neither found nor given up. */
    public List<CanaryRow> undecided(String path) {
        return rows("path = :key AND state IN ('ACCEPTED', 'HELD')", path, Integer.MAX_VALUE);
    }

    /** Those of a mailbox that our own spool may have. */
    public List<CanaryRow> possiblyHeld(String mailbox) {
        return rows(
                "mailbox = :key AND state IN ('ACCEPTED', 'HELD') AND may_be_held AND queue_id <> ''",
                mailbox,
                Integer.MAX_VALUE);
    }

    /** When the oldest canary was made that is not yet forgotten. */
    public Optional<Instant> oldest() {
        return tables.read(handle -> handle.createQuery("SELECT created_at FROM canary ORDER BY seq LIMIT 1")
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli));
    }

    /**
     * Finds in one folder that nobody needs any more.
     *
     * @param before finds older than this
     * @param kept finds of the mailbox that are followed by at least so many newer ones
     */
    public List<PlacedCanary> disposable(String mailbox, String folder, long uidValidity, Instant before, int kept) {
        return tables.read(handle -> handle.createQuery("SELECT s.uid, c.id, c.token FROM canary_sighting s"
                        + " JOIN canary c ON c.id = s.canary WHERE s.mailbox = :mailbox AND s.folder = :folder"
                        + " AND s.uid_validity = :validity AND s.gone = 0 AND (s.found_at < :before OR s.found_at <"
                        + " (SELECT found_at FROM canary_sighting WHERE mailbox = :mailbox ORDER BY found_at DESC"
                        + " LIMIT 1 OFFSET :kept)) ORDER BY s.uid LIMIT 100")
                .bind("mailbox", mailbox)
                .bind("folder", folder)
                .bind("validity", uidValidity)
                .bind("before", before.toEpochMilli())
                .bind("kept", kept)
                .map((row, context) -> new PlacedCanary(
                        new Place(mailbox, folder, uidValidity, row.getLong("uid")),
                        row.getString("id"),
                        row.getString("token")))
                .list());
    }

    /** The message is no longer in the mailbox. */
    public void gone(Place place) {
        tables.change(handle -> Rows.bind(
                        handle.createUpdate("UPDATE canary_sighting SET gone = 1 WHERE mailbox = :mailbox"
                                + " AND folder = :folder AND uid_validity = :validity AND uid = :uid"),
                        place)
                .execute());
    }

    /** Counted once, however often it is found. */
    public void forged(Forgery forgery) {
        tables.change(handle -> handle.createUpdate(
                        "INSERT OR IGNORE INTO canary_forgery (mark, mailbox, path, reason, noted_at)"
                                + " VALUES (:mark, :mailbox, :path, :reason, :at)")
                .bind("mark", forgery.mark())
                .bind("mailbox", forgery.mailbox())
                .bind("path", forgery.path())
                .bind("reason", forgery.reason())
                .bind("at", forgery.notedAt().toEpochMilli())
                .execute());
    }

    /** Newest first. */
    public List<Forgery> forgeriesSince(String mailbox, Instant since) {
        return tables.read(handle -> handle.createQuery(
                        "SELECT * FROM canary_forgery WHERE mailbox = :mailbox AND noted_at >= :since ORDER BY noted_at DESC")
                .bind("mailbox", mailbox)
                .bind("since", since.toEpochMilli())
                .map((row, context) -> Rows.forgery(row))
                .list());
    }

    /** Forgets canaries with their sightings, and forgeries. */
    public void forgetBefore(Instant time) {
        tables.change(handle -> {
            long before = time.toEpochMilli();
            handle.execute(
                    "DELETE FROM canary_sighting WHERE canary IN (SELECT id FROM canary WHERE created_at < ?)", before);
            handle.execute("DELETE FROM canary WHERE created_at < ?", before);
            handle.execute("DELETE FROM canary_forgery WHERE noted_at < ?", before);
        });
    }

    private List<CanaryRow> rows(String condition, String key, int limit) {
        return tables.read(handle -> handle.createQuery("SELECT * FROM canary WHERE " + condition + NEWEST_FIRST)
                .bind("key", key)
                .bind("limit", limit)
                .map((row, context) -> Rows.canary(row))
                .list());
    }
}
