package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.VerifiedCounts;

/** A spool to be verified: filled, damaged on purpose, and what was found in it. */
abstract class VerifiedSpool {
    private static final int SEGMENT = 256 * 1024;
    static final int LARGE = 300_000;

    @TempDir
    Path temporary;

    final List<SpoolFinding> findings = new ArrayList<>();
    private @Nullable MessageStore open;

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    Path directory() {
        return temporary.resolve("spool");
    }

    MessageStore store() {
        MessageStore store = open;
        if (store == null) {
            store = MessageStores.embedded(
                    new StorageSettings(directory(), SEGMENT, 200_000, 0), Clock.fixed(NOW, ZoneOffset.UTC));
            open = store;
        }
        return store;
    }

    VerifiedCounts verify() {
        findings.clear();
        return SpoolInspection.verify(directory(), findings::add);
    }

    Path segment(int number) throws IOException {
        return files("segments").get(number);
    }

    List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(directory().resolve(part))) {
            return files.sorted().toList();
        }
    }

    void alterIndex(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    /** Where the record of a message begins; the store is closed. */
    long recordOf(QueueId id) throws SQLException {
        return number("SELECT record FROM message WHERE id = " + QueueIds.number(id));
    }

    static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile octets = new RandomAccessFile(file.toFile(), "rw")) {
            octets.seek(position);
            int octet = octets.read();
            octets.seek(position);
            octets.write(octet ^ 0x55);
        }
    }

    /** All files with their content and times. */
    Map<Path, String> state() throws IOException {
        Map<Path, String> state = new HashMap<>();
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
                state.put(file, Files.getLastModifiedTime(file) + content);
            }
        }
        return state;
    }

    void assertFindings(Severity severity, String... texts) {
        assertThat(findings).extracting(f -> f.where() + ": " + f.what()).hasSize(texts.length);
        for (int i = 0; i < texts.length; i++) {
            assertThat(findings.get(i).where() + ": " + findings.get(i).what()).contains(texts[i]);
            assertThat(findings.get(i).remedy()).isNotEmpty();
            assertThat(findings.get(i).severity()).as(findings.toString()).isEqualTo(severity);
        }
    }

    /** Three small messages, closed. */
    List<QueueId> three() {
        List<QueueId> ids = IntStream.range(0, 3)
                .mapToObj(i -> put(store(), envelope("a"), random(1000, i)))
                .toList();
        close();
        return ids;
    }

    Path large() throws IOException {
        put(store(), envelope("a"), random(LARGE, 1));
        put(store(), envelope("b"), random(100, 1));
        close();
        return files("large").get(0);
    }

    /** A queue with all there is in it: small, large, partly settled, settled, set aside, moved. */
    List<QueueId> furnish() {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.add(put(store(), envelope("a" + i, "b" + i), random(i % 50 == 3 ? LARGE : 3_000, i)));
        }
        for (int i = 0; i < 200; i++) {
            if (i % 5 == 1) {
                store().record(ids.get(i), List.of(forwarded(0), forwarded(1)));
            } else if (i % 5 == 2) {
                store().record(ids.get(i), List.of(forwarded(1)));
            } else if (i % 5 == 4) {
                store().record(ids.get(i), List.of(new UnitChange(0, UnitState.QUARANTINED, NOW, "550 no", "")));
            }
        }
        return ids;
    }
}
