package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.StorageSettings;

/** An outcome speaks of every segment in which a copy of its message stands: by that is known how long it must be kept. */
class CopiesTest {
    private static final int SEGMENT = 256 * 1024;
    private static final int SIZE = 4_000;

    @TempDir
    Path temporary;

    private @Nullable MessageStore open;

    @BeforeEach
    void open() {
        open = MessageStores.embedded(
                new StorageSettings(temporary.resolve("spool"), SEGMENT, 1024 * 1024, 0),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private MessageStore store() {
        if (open == null) {
            throw new IllegalStateException("no store");
        }
        return open;
    }

    /** As another process that uses the same file. */
    private void alterIndex(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + temporary.resolve("spool").resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute(sql);
        }
    }

    private List<QueueId> fill(int messages) {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            ids.add(put(store(), envelope("a"), random(SIZE, i)));
        }
        return ids;
    }

    private void settle(QueueId id) {
        store().record(id, List.of(forwarded(0)));
    }

    /** Where copies of each message stand, and what the outcome that settled it says. */
    private final class Records implements SegmentScanner.Visitor {
        private final Map<QueueId, List<Long>> copies = new HashMap<>();
        private final Map<QueueId, Outcome> outcomes = new HashMap<>();
        private long segment;

        Records read() throws IOException {
            Path segments = temporary.resolve("spool").resolve("segments");
            for (long number : Segments.numbers(segments)) {
                segment = number;
                SegmentScanner.scan(Segment.file(segments, number), 0, this);
            }
            return this;
        }

        Outcome outcome(QueueId id) {
            return Optional.ofNullable(outcomes.get(id)).orElseThrow();
        }

        @Override
        public void whole(byte type, long position, byte[] payload) throws IOException {
            if (type == SegmentRecord.MESSAGE) {
                copies.computeIfAbsent(
                                MessageRecord.decodeSmall(segment, position, payload)
                                        .stored()
                                        .id(),
                                id -> new ArrayList<>())
                        .add(segment);
            } else if (type == SegmentRecord.OUTCOME) {
                Outcome outcome = Outcome.decode(payload);
                outcomes.put(outcome.id(), outcome);
            }
        }

        @Override
        public void damaged(long position, byte[] octets) {
            throw new AssertionError("damaged at " + position);
        }

        @Override
        public void torn(long position, byte[] octets) {
            // What was written ahead.
        }
    }

    private static void assertSpeaksOfAllCopies(Records records, QueueId id) {
        Outcome outcome = records.outcome(id);
        assertThat(records.copies.getOrDefault(id, List.of()))
                .allSatisfy(copy -> assertThat(copy).isBetween(outcome.firstCopy(), outcome.lastCopy()));
    }

    @Test
    void neverMoved_isOneSegment_howeverLateItIsSettled() throws IOException {
        List<QueueId> ids = fill(200);
        QueueId first = ids.get(0);
        settle(first);
        close();
        Records records = new Records().read();
        assertThat(records.copies.get(first)).hasSize(1);
        Outcome outcome = records.outcome(first);
        assertThat(outcome.lastCopy()).isEqualTo(outcome.firstCopy());
        assertSpeaksOfAllCopies(records, first);
    }

    @Test
    void moved_isAllBetween() throws IOException {
        List<QueueId> ids = fill(300);
        ids.subList(1, 300).forEach(this::settle);
        QueueId first = ids.get(0);
        Path segments = temporary.resolve("spool").resolve("segments");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Segments.numbers(segments).get(0) > 1);
        settle(first);
        close();
        Records records = new Records().read();
        assertSpeaksOfAllCopies(records, first);
        assertThat(records.outcome(first).lastCopy())
                .isGreaterThan(records.outcome(first).firstCopy());
    }

    /** The segment has the copies, synced, and the index knows nothing of them. */
    @Test
    void movedWhileTheIndexFailed_isNotForgotten() throws Exception {
        List<QueueId> ids = fill(300);
        alterIndex("CREATE TRIGGER no_moves BEFORE UPDATE ON ledger WHEN NEW.position <> OLD.position"
                + " AND EXISTS (SELECT 1 FROM message WHERE since <> segment)"
                + " BEGIN SELECT RAISE(ABORT, 'not now'); END");
        for (int i = 0; i < ids.size(); i++) {
            if (i % 20 != 0) {
                // Not waited for: what comes while the index fails may fail with it.
                CompletableFuture<Void> unused = store().recordLater(ids.get(i), List.of(forwarded(0)));
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !store().health().accepting());
        Map<QueueId, List<Long>> copies = new Records().read().copies;
        // Whatever was on its way out of a segment then; nothing has been moved with success.
        List<QueueId> twice = ids.stream()
                .filter(id -> copies.getOrDefault(id, List.of()).size() > 1)
                .toList();
        assertThat(twice).isNotEmpty();
        alterIndex("DROP TRIGGER no_moves");
        await().atMost(Duration.ofSeconds(20)).until(() -> store().health().accepting());
        twice.forEach(this::settle);
        close();
        Records records = new Records().read();
        assertThat(twice).allSatisfy(id -> {
            assertSpeaksOfAllCopies(records, id);
            assertThat(records.outcome(id).lastCopy())
                    .isGreaterThanOrEqualTo(Collections.max(copies.getOrDefault(id, List.of())));
        });
    }
}
