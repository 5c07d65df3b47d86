package org.understudy.probes.canary.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.CanaryState;
import org.understudy.smtp.DomainName;

/** Rows to values and back. Stateless. */
final class Rows {

    private Rows() {}

    static CanaryRow canary(ResultSet row) throws SQLException {
        String hops = row.getString("hops");
        return new CanaryRow(
                row.getString("id"),
                new DomainName(row.getString("domain")),
                new DomainName(row.getString("host")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("token"),
                row.getString("body_hash"),
                CanaryState.valueOf(row.getString("state")),
                row.getString("address"),
                row.getBoolean("offered"),
                row.getString("reply"),
                row.getString("queue_id"),
                time(row, "accepted_at"),
                time(row, "held_until"),
                row.getBoolean("late"),
                time(row, "seen_at"),
                time(row, "duplicated_at"),
                row.getString("folder"),
                row.getBoolean("junked"),
                hops.isEmpty() ? List.of() : List.of(hops.split(" ")),
                row.getBoolean("path_proven"),
                row.getString("changes"),
                Observed.parse(row.getString("observed")),
                row.getString("trouble"));
    }

    static Forgery forgery(ResultSet row) throws SQLException {
        return new Forgery(
                row.getString("mark"),
                row.getString("mailbox"),
                row.getString("path"),
                row.getString("reason"),
                Instant.ofEpochMilli(row.getLong("noted_at")));
    }

    static void insert(Handle handle, Sighting sighting) {
        bind(
                        handle.createUpdate("INSERT OR IGNORE INTO canary_sighting (mailbox, folder, uid_validity, uid,"
                                + " canary, chain, received, found_at) VALUES (:mailbox, :folder, :validity, :uid,"
                                + " :canary, :chain, :received, :at)"),
                        sighting.place())
                .bind("canary", sighting.canary())
                .bind("chain", sighting.chain())
                .bind("received", String.join("\n", sighting.received()))
                .bind("at", sighting.at().toEpochMilli())
                .execute();
    }

    /** The first delivery is the evidence; a further one only says that there was one. */
    static void promote(Handle handle, Sighting sighting) {
        int further = handle.createUpdate(
                        "UPDATE canary SET state = 'DUPLICATED', duplicated_at = :at, trouble = :trouble"
                                + " WHERE id = :canary AND state IN ('SEEN', 'DUPLICATED')")
                .bind("canary", sighting.canary())
                .bind("at", sighting.at().toEpochMilli())
                .bind("trouble", "It arrived more than once.")
                .execute();
        if (further > 0) {
            return;
        }
        handle.createUpdate("UPDATE canary SET state = 'SEEN', seen_at = :at, folder = :folder, junked = :junked,"
                        + " hops = :hops, path_proven = :proven, changes = :changes, observed = :observed,"
                        + " trouble = :trouble WHERE id = :canary")
                .bind("canary", sighting.canary())
                .bind("at", sighting.at().toEpochMilli())
                .bind("folder", sighting.place().folder())
                .bind("junked", sighting.junked())
                .bind("hops", String.join(" ", sighting.hops()))
                .bind("proven", sighting.pathProven())
                .bind("changes", sighting.changes())
                .bind("observed", sighting.observed().text())
                .bind("trouble", sighting.trouble())
                .execute();
    }

    static <S extends SqlStatement<S>> S bind(S statement, Place place) {
        return statement
                .bind("mailbox", place.mailbox())
                .bind("folder", place.folder())
                .bind("validity", place.uidValidity())
                .bind("uid", place.uid());
    }

    static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
