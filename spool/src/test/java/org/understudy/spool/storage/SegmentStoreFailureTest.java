package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.spool.storage.MessageStoreContract.DOMAIN;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.origin;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;
import static org.understudy.spool.storage.MessageStoreContract.read;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** What becomes of mail when the disk, the index or the clock does not do as it should. */
class SegmentStoreFailureTest {
    private static final int LARGE = 2_000_000;

    @TempDir
    Path temporary;

    private Path directory = Path.of("");
    private @Nullable MessageStore open;

    @BeforeEach
    void chooseDirectory() {
        directory = temporary.resolve("spool");
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private MessageStore store() {
        return store(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private MessageStore store(Clock clock) {
        MessageStore store = open;
        if (store == null) {
            store = MessageStores.embedded(new StorageSettings(directory, 256 * 1024, 1024 * 1024, 0), clock);
            open = store;
        }
        return store;
    }

    private void deleteIndex() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(directory.resolve("index.db" + suffix));
        }
    }

    private void alterIndex(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute(sql);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static CommitResult offer(MessageStore store, byte[] content) {
        MessageDraft draft = store.begin(envelope("x"), origin());
        draft.write(content, 0, content.length);
        return draft.commit();
    }

    private static List<QueueId> due(MessageStore store) {
        return store.due(List.of(DOMAIN), NOW, Optional.empty(), 100).stream()
                .map(QueuedMessage::id)
                .toList();
    }

    private void awaitHealthy() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> store().health().accepting());
    }

    @Test
    void open_tornAtEveryOctetOfTheLastRecord_losesOnlyThatRecord() throws IOException {
        QueueId first = put(store(), envelope("a"), random(100, 1));
        Path segment = files(directory.resolve("segments")).get(0);
        long begin = SegmentScanner.scan(segment, 0, RecoveryVisitor.COUNTING);
        put(store(), envelope("b"), random(30, 2));
        close();
        byte[] whole = Files.readAllBytes(segment);
        assertThat(whole.length).isGreaterThan((int) begin);
        for (int cut = (int) begin; cut < whole.length; cut++) {
            byte[] left = new byte[whole.length + 100];
            System.arraycopy(whole, 0, left, 0, cut);
            Files.write(segment, left);
            assertThat(SegmentScanner.scan(segment, 0, RecoveryVisitor.COUNTING))
                    .as("cut at " + cut)
                    .isEqualTo(begin);
        }
        deleteIndex();
        assertThat(due(store())).containsExactly(first);
        assertThat(read(store(), first)).isEqualTo(random(100, 1));
    }

    @Test
    void open_severalRecordsInARowDamaged_keepsAllBehindThem() throws IOException {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ids.add(put(store(), envelope("a"), random(1000, i)));
        }
        close();
        deleteIndex();
        try (RandomAccessFile file =
                new RandomAccessFile(files(directory.resolve("segments")).get(0).toFile(), "rw")) {
            // Lengths and marks of the second, third and fourth message are among it.
            file.seek(1800);
            file.write(random(2800, 99));
        }
        assertThat(due(store())).containsExactly(ids.get(0), ids.get(4), ids.get(5), ids.get(6), ids.get(7));
        assertThat(read(store(), ids.get(7))).isEqualTo(random(1000, 7));
        assertThat(store().counts().isBalanced()).isTrue();
        assertThat(store().health().detail()).contains("corrupt");
        assertThat(files(directory.resolve("corrupt"))).hasSize(1);
    }

    @Test
    void open_contentThatImitatesARecord_isNotTakenForOne() throws IOException {
        QueueId victim = put(store(), envelope("a"), random(1000, 1));
        close();
        byte[] stolen = Files.readAllBytes(files(directory.resolve("segments")).get(0));
        QueueId carrier = put(store(), envelope("b"), stolen);
        QueueId last = put(store(), envelope("c"), random(10, 2));
        close();
        Path segment = files(directory.resolve("segments")).get(1);
        byte[] octets = Files.readAllBytes(segment);
        // Damage in the carrier's envelope: the search for the next record goes through its content.
        octets[120] ^= 1;
        Files.write(segment, octets);
        Files.delete(files(directory.resolve("segments")).get(0));
        deleteIndex();
        assertThat(due(store())).doesNotContain(victim, carrier).containsExactly(last);
    }

    @Test
    void open_segmentWithoutHeader_isKeptForPeople() throws IOException {
        put(store(), envelope("a"), random(100, 1));
        close();
        deleteIndex();
        Path segment = files(directory.resolve("segments")).get(0);
        byte[] octets = Files.readAllBytes(segment);
        octets[0] ^= 1;
        Files.write(segment, octets);
        assertThat(due(store())).isEmpty();
        assertThat(directory.resolve("corrupt").resolve(segment.getFileName())).hasBinaryContent(octets);
    }

    @Test
    void open_crashBeforeASettledLargeMessageWasDeleted_doesNotSendItAgain() throws IOException {
        QueueId id = put(store(), envelope("a"), random(LARGE, 1));
        Path file = directory.resolve("large").resolve(id + ".msg");
        byte[] octets = Files.readAllBytes(file);
        store().record(id, List.of(forwarded(0)));
        close();
        Files.write(file, octets);
        deleteIndex();
        assertThat(due(store())).isEmpty();
        assertThat(file).doesNotExist();
        close();
        Files.write(file, octets);
        assertThat(due(store())).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void open_indexLostAndLargeMessageHalfForwarded_sendsTheOtherHalfOnly() throws IOException {
        QueueId id = put(store(), envelope("a", "b"), random(LARGE, 1));
        store().record(id, List.of(forwarded(0)));
        for (int i = 0; i < 60; i++) {
            QueueId other = put(store(), envelope("c"), random(20_000, i));
            store().record(other, List.of(forwarded(0)));
        }
        close();
        deleteIndex();
        List<QueuedMessage> due = store().due(List.of(DOMAIN), NOW, Optional.empty(), 10);
        assertThat(due).extracting(QueuedMessage::id).containsExactly(id);
        assertThat(due.get(0).units()).extracting(u -> u.number()).containsExactly(1);
        assertThat(read(store(), id)).isEqualTo(random(LARGE, 1));
    }

    @Test
    void open_indexLost_keepsTheLedger() throws IOException {
        for (int i = 0; i < 60; i++) {
            QueueId id = put(store(), envelope("a", "b"), random(20_000, i));
            store().record(id, List.of(forwarded(0), forwarded(1)));
        }
        put(store(), envelope("c"), random(10, 1));
        QueueCounts before = store().counts();
        assertThat(before.forwarded()).isEqualTo(120);
        close();
        assertThat(files(directory.resolve("segments"))).hasSizeLessThan(6);
        deleteIndex();
        assertThat(store().counts()).isEqualTo(before);
    }

    @Test
    void open_indexLostAfterARelease_isQueuedNotQuarantined() throws IOException {
        QueueId id = put(store(), envelope("a"), random(10, 1));
        store().record(id, List.of(new UnitChange(0, UnitState.QUARANTINED, NOW, "550 " + "no ".repeat(30_000), "")));
        store().record(id, List.of(new UnitChange(0, UnitState.QUEUED, NOW, "released", "")));
        close();
        deleteIndex();
        assertThat(due(store())).containsExactly(id);
        assertThat(store().counts().quarantined()).isZero();
    }

    @Test
    void open_clockSteppedBack_givesNoIdTwice() throws IOException {
        QueueId before = put(store(), envelope("a"), random(10, 1));
        store().record(before, List.of(forwarded(0)));
        close();
        Clock past = Clock.fixed(NOW.minus(Duration.ofDays(3650)), ZoneOffset.UTC);
        QueueId after = put(store(past), envelope("a"), random(10, 2));
        assertThat(after).isGreaterThan(before);
        close();
        deleteIndex();
        assertThat(put(store(past), envelope("a"), random(10, 3))).isGreaterThan(after);
    }

    @Test
    void commit_indexFails_isRefusedAndNeverComesBack() throws Exception {
        QueueId kept = put(store(), envelope("a"), random(10, 1));
        alterIndex("ALTER TABLE unit RENAME TO elsewhere");
        assertThat(offer(store(), random(10, 2))).isEqualTo(CommitResult.FAILED);
        assertThat(offer(store(), random(LARGE, 3))).isEqualTo(CommitResult.FAILED);
        assertThat(store().health().accepting()).isFalse();
        assertThat(store().health().detail()).startsWith("cannot write: ").hasSizeLessThan(300);
        alterIndex("ALTER TABLE elsewhere RENAME TO unit");
        awaitHealthy();
        QueueId later = put(store(), envelope("b"), random(10, 4));
        assertThat(due(store())).containsExactly(kept, later);
        assertThat(files(directory.resolve("large"))).isEmpty();
        close();
        assertThat(due(store())).containsExactly(kept, later);
        close();
        deleteIndex();
        assertThat(due(store())).containsExactly(kept, later);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void record_indexFailsForAMoment_isRecordedAfterIt() throws Exception {
        QueueId id = put(store(), envelope("a"), random(10, 1));
        alterIndex("ALTER TABLE unit RENAME TO elsewhere");
        assertThat(offer(store(), random(10, 2))).isEqualTo(CommitResult.FAILED);
        MessageStore store = store();
        Thread recorder = new Thread(() -> store.record(id, List.of(forwarded(0))));
        recorder.start();
        alterIndex("ALTER TABLE elsewhere RENAME TO unit");
        recorder.join();
        assertThat(store.counts().forwarded()).isEqualTo(1);
    }

    @Test
    void commit_noSegmentCanBeMade_failsUntilOneCan() throws IOException {
        QueueId first = put(store(), envelope("a"), random(10, 1));
        Path segments = directory.resolve("segments");
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(segments, elsewhere);
        // The open segment is still there to be written to; the next one is not.
        QueueId second = put(store(), envelope("b"), random(300_000, 2));
        assertThat(offer(store(), random(10, 3))).isEqualTo(CommitResult.FAILED);
        assertThat(store().health().accepting()).isFalse();
        Files.move(elsewhere, segments);
        awaitHealthy();
        QueueId last = put(store(), envelope("c"), random(10, 4));
        close();
        assertThat(due(store())).containsExactly(first, second, last);
        assertThat(read(store(), second)).isEqualTo(random(300_000, 2));
    }

    @Test
    void open_indexDamagedInTheMiddle_isRebuilt() throws IOException {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ids.add(put(store(), envelope("a", "b"), random(100, i)));
        }
        close();
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("index.db").toFile(), "rw")) {
            file.seek(5 * 4096);
            file.write(random(3 * 4096, 7));
        }
        assertThat(store().counts().queued()).isEqualTo(600);
        assertThat(read(store(), ids.get(299))).isEqualTo(random(100, 299));
    }

    @Test
    void open_crashInTheMiddleOfARebuild_isFinishedByTheNext() throws Exception {
        QueueId small = put(store(), envelope("a"), random(10, 1));
        QueueId large = put(store(), envelope("b"), random(LARGE, 2));
        close();
        deleteIndex();
        // As after the first transaction of a rebuild: tables, and nothing of the segments yet.
        Index.open(directory.resolve("index.db")).close();
        assertThat(due(store())).containsExactly(small, large);
    }

    /** Its record was read by the rebuild that was broken off: the next one must know of it as well. */
    @Test
    void open_crashAtTheEndOfARebuild_doesNotSendASettledLargeMessageAgain() throws Exception {
        QueueId settled = put(store(), envelope("a"), random(LARGE, 1));
        QueueId living = put(store(), envelope("b", "c"), random(10, 2));
        Path file = directory.resolve("large").resolve(settled + ".msg");
        byte[] octets = Files.readAllBytes(file);
        store().record(settled, List.of(forwarded(0)));
        QueueCounts counts = store().counts();
        close();
        alterIndex("UPDATE ledger SET rebuilding = 1");
        Files.write(file, octets);
        assertThat(due(store())).containsExactly(living);
        assertThat(file).doesNotExist();
        assertThat(store().counts()).isEqualTo(counts);
    }

    @Test
    void write_muchMoreThanTheHeapShare_goesToFiles() {
        MemoryBudget budget = new MemoryBudget(100);
        assertThat(budget.take(80)).isTrue();
        assertThat(budget.take(30)).isFalse();
        budget.release(80);
        assertThat(budget.take(100)).isTrue();
    }

    @Test
    void open_permissionsOfTheIndex_areForTheOwnerAlone() throws IOException {
        put(store(), envelope("a"), random(10, 1));
        for (String suffix : List.of("", "-wal", "-shm")) {
            assertThat(Files.getPosixFilePermissions(directory.resolve("index.db" + suffix)))
                    .as(suffix)
                    .hasSize(2);
        }
    }

    @Test
    void indexOnAFailingDisk_isMadeAnewAtTheNextStart() throws IOException {
        QueueId stays = put(store(), envelope("stays"), random(3_000, 1));
        QueueId goes = put(store(), envelope("goes"), random(3_000, 2));
        store().record(goes, List.of(forwarded(0)));
        close();
        IndexTrust trust = trust();
        trust.weigh(new SQLException("wrapped", new SQLiteException("disk", SQLiteErrorCode.SQLITE_FULL)));
        assertThat(trust.isLost()).isFalse();
        trust.weigh(new SQLException("wrapped", new SQLiteException("disk", SQLiteErrorCode.SQLITE_IOERR_FSYNC)));
        assertThat(trust.isLost()).isTrue();
        assertThat(due(store())).containsExactly(stays);
        assertThat(store().counts().isBalanced()).isTrue();
        assertThat(files(directory.resolve("corrupt")))
                .anyMatch(file -> file.getFileName().toString().startsWith("index-"));
        close();
        assertThat(trust().isLost()).isFalse();
    }

    private IndexTrust trust() {
        try (StoreDirectory opened = StoreDirectory.open(directory)) {
            return new IndexTrust(opened);
        }
    }
}
