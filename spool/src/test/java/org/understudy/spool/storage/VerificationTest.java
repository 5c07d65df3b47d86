package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.VerifiedCounts;

/** Whatever is wrong in a spool's directory is found, and nothing else is reported, also while a store runs. */
class VerificationTest {
    private static final int SEGMENT = 256 * 1024;
    private static final int LARGE = 300_000;

    @TempDir
    Path temporary;

    private final List<SpoolFinding> findings = new ArrayList<>();
    private @Nullable MessageStore open;

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private Path directory() {
        return temporary.resolve("spool");
    }

    private MessageStore store() {
        MessageStore store = open;
        if (store == null) {
            store = MessageStores.embedded(
                    new StorageSettings(directory(), SEGMENT, 200_000, 0), Clock.fixed(NOW, ZoneOffset.UTC));
            open = store;
        }
        return store;
    }

    private VerifiedCounts verify() {
        findings.clear();
        return SpoolInspection.verify(directory(), findings::add);
    }

    private Path segment(int number) throws IOException {
        return files("segments").get(number);
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.list(directory().resolve(part))) {
            return files.sorted().toList();
        }
    }

    private void alterIndex(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    /** Where the record of a message begins; the store is closed. */
    private long recordOf(QueueId id) throws SQLException {
        return number("SELECT record FROM message WHERE id = " + QueueIds.number(id));
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile octets = new RandomAccessFile(file.toFile(), "rw")) {
            octets.seek(position);
            int octet = octets.read();
            octets.seek(position);
            octets.write(octet ^ 0x55);
        }
    }

    /** All files with their content and times. */
    private Map<Path, String> state() throws IOException {
        Map<Path, String> state = new HashMap<>();
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
                state.put(file, Files.getLastModifiedTime(file) + content);
            }
        }
        return state;
    }

    private void assertFindings(Severity severity, String... texts) {
        assertThat(findings).extracting(f -> f.where() + ": " + f.what()).hasSize(texts.length);
        for (int i = 0; i < texts.length; i++) {
            assertThat(findings.get(i).where() + ": " + findings.get(i).what()).contains(texts[i]);
            assertThat(findings.get(i).remedy()).isNotEmpty();
            assertThat(findings.get(i).severity()).as(findings.toString()).isEqualTo(severity);
        }
    }

    /** Three small messages, closed. */
    private List<QueueId> three() {
        List<QueueId> ids = IntStream.range(0, 3)
                .mapToObj(i -> put(store(), envelope("a"), random(1000, i)))
                .toList();
        close();
        return ids;
    }

    private Path large() throws IOException {
        put(store(), envelope("a"), random(LARGE, 1));
        put(store(), envelope("b"), random(100, 1));
        close();
        return files("large").get(0);
    }

    /** A queue with all there is in it: small, large, partly settled, settled, set aside, moved. */
    private List<QueueId> furnish() {
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

    @Test
    void sound_runningAndStopped_hasNoFindings() throws IOException {
        furnish();
        VerifiedCounts running = verify();
        assertThat(findings).isEmpty();
        assertThat(running.running()).isTrue();
        close();
        Map<Path, String> before = state();
        VerifiedCounts stopped = verify();
        assertThat(findings).isEmpty();
        assertThat(stopped.running()).isFalse();
        assertThat(stopped.messages()).isEqualTo(160);
        assertThat(stopped.largeFiles()).isEqualTo(4);
        assertThat(stopped.notYetIndexed()).isZero();
        assertThat(stopped.ledger())
                .hasValueSatisfying(l -> assertThat(l.forwarded()).isEqualTo(120));
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void everyMessageSettledOrMoved_isAccountedFor() throws IOException {
        List<QueueId> ids = furnish();
        for (int i = 0; i < 190; i++) {
            store().record(ids.get(i), List.of(forwarded(0), forwarded(1)));
            if (i % 10 == 0) {
                verify();
                assertThat(findings).isEmpty();
            }
        }
        close();
        assertThat(verify().messages()).isEqualTo(8);
        assertThat(findings).isEmpty();
    }

    @Test
    void damagedMessage_isFound_restIsSound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), recordOf(ids.get(1)) + 500);
        VerifiedCounts counts = verify();
        assertFindings(
                Severity.FAULT,
                "octets cannot be read; messages that wait for delivery lie there",
                "the message " + ids.get(1) + " cannot be read: its record is damaged or missing");
        assertThat(findings.get(1).where()).isEqualTo("segments/000000000001.seg at " + recordOf(ids.get(1)));
        assertThat(counts.messages()).isEqualTo(2);
    }

    @Test
    void damagedLastMessage_isFound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), recordOf(ids.get(2)));
        verify();
        assertFindings(Severity.FAULT, "octets cannot be read", "the message " + ids.get(2) + " cannot be read");
    }

    @Test
    void damageWhereNothingLives_isAWarning() throws Exception {
        QueueId first = put(store(), envelope("a"), random(1000, 1));
        put(store(), envelope("a"), random(1000, 2));
        close();
        long record = recordOf(first);
        store().record(first, List.of(forwarded(0)));
        close();
        flip(segment(0), record + 200);
        verify();
        assertFindings(Severity.WARNING, "no message that waits for delivery lies there");
    }

    @Test
    void damagedOutcome_leavesItsMessageToTheIndex() throws Exception {
        QueueId first = put(store(), envelope("a"), random(1000, 1));
        put(store(), envelope("a"), random(1000, 2));
        long begin = number("SELECT position FROM ledger");
        store().record(first, List.of(forwarded(0)));
        put(store(), envelope("a"), random(1000, 2));
        close();
        flip(segment(0), begin + 30);
        verify();
        assertFindings(
                Severity.WARNING,
                "no message that waits for delivery lies there",
                "the message " + first + " is settled, but only the index knows it");
    }

    @Test
    void truncatedSegment_isFound() throws Exception {
        List<QueueId> ids = three();
        try (RandomAccessFile file = new RandomAccessFile(segment(0).toFile(), "rw")) {
            file.setLength(recordOf(ids.get(1)) - 5);
        }
        assertThat(verify().messages()).isEqualTo(1);
        assertFindings(
                Severity.FAULT,
                "octets cannot be read",
                "the message " + ids.get(1) + " cannot be read",
                "the message " + ids.get(2) + " cannot be read");
    }

    @Test
    void segmentGone_isFound() throws Exception {
        List<QueueId> ids = three();
        QueueId later = put(store(), envelope("a"), random(1000, 9));
        close();
        Files.delete(segment(0));
        assertThat(verify().messages()).isEqualTo(1);
        assertThat(findings).hasSize(3).allSatisfy(f -> assertThat(f.what()).contains("its segment is gone"));
        assertThat(findings).noneSatisfy(f -> assertThat(f.what()).contains(later.text()));
        assertThat(findings.get(0).what()).contains(ids.get(0).text());
    }

    @Test
    void segmentThatIsNone_isFound() throws Exception {
        List<QueueId> ids = three();
        flip(segment(0), 1);
        verify();
        assertThat(findings).hasSize(4).allSatisfy(f -> assertThat(f.severity()).isEqualTo(Severity.FAULT));
        assertThat(findings.get(0).what()).isEqualTo("it cannot be read: not a segment");
        assertThat(findings.get(3).what()).contains(ids.get(2).text());
    }

    @Test
    void largeFile_contentDamaged_isFound() throws Exception {
        flip(large(), LARGE / 2);
        assertThat(verify().largeFiles()).isZero();
        assertFindings(Severity.FAULT, "cannot be read: the stored content does not match its checksum");
    }

    @Test
    void largeFile_envelopeDamaged_isFound() throws Exception {
        flip(large(), 40);
        verify();
        assertFindings(Severity.FAULT, "cannot be read: its envelope, its end or its length is not what was stored");
    }

    @Test
    void largeFile_cutShort_isFound() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(large().toFile(), "rw")) {
            file.setLength(LARGE / 2);
        }
        verify();
        assertFindings(Severity.FAULT, "its envelope, its end or its length is not what was stored");
    }

    @Test
    void largeFile_gone_isFound() throws Exception {
        Files.delete(large());
        assertThat(verify().messages()).isEqualTo(2);
        assertFindings(Severity.FAULT, "the file is gone");
    }

    @Test
    void largeFile_thatNobodyAccepted_isALeftover() throws Exception {
        Path file = large();
        Files.copy(file, file.resolveSibling("0ZZZZZZZZZZZ.msg"));
        Files.copy(file, file.resolveSibling("0ZZZZZZZZZZZ.tmp"));
        verify();
        assertFindings(
                Severity.WARNING,
                "no message that was accepted has this file",
                "no message that was accepted has this file");
    }

    @Test
    void rowGone_isFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("DELETE FROM unit WHERE message = " + QueueIds.number(ids.get(1)));
        alterIndex("DELETE FROM message WHERE id = " + QueueIds.number(ids.get(1)));
        verify();
        assertFindings(
                Severity.FAULT,
                "the ledger does not add up: accepted 3, queued 2, quarantined 0, forwarded 0",
                "the message " + ids.get(1) + " is not in the index, and no outcome says why");
    }

    @Test
    void rowAtTheWrongPlace_isFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("UPDATE message SET record = record + 1 WHERE id = " + QueueIds.number(ids.get(1)));
        assertThat(verify().messages()).isEqualTo(2);
        assertFindings(
                Severity.FAULT, "the message " + ids.get(1) + " cannot be read: its record is damaged or missing");
    }

    @Test
    void rowsThatSayOtherwise_areFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("UPDATE message SET size = size - 1 WHERE id = " + QueueIds.number(ids.get(0)));
        alterIndex("UPDATE message SET crc = crc + 1 WHERE id = " + QueueIds.number(ids.get(1)));
        alterIndex("UPDATE message SET envelope = 1 WHERE id = " + QueueIds.number(ids.get(2)));
        assertThat(verify().messages()).isZero();
        assertFindings(
                Severity.FAULT,
                "the record has 1000 octets of content, the index says 999",
                "the checksum of the content is not the one in the index",
                "the record is laid out otherwise than the index says");
    }

    @Test
    void unitsAndLedgerThatDoNotFit_areFound() throws Exception {
        List<QueueId> ids = three();
        alterIndex("INSERT INTO unit SELECT message, 1, domain, size, state, 0, 0, '', '' FROM unit WHERE message = "
                + QueueIds.number(ids.get(0)));
        alterIndex("UPDATE unit SET message = 1 WHERE message = " + QueueIds.number(ids.get(1)));
        verify();
        assertFindings(
                Severity.FAULT,
                "units of messages that are not there: 1",
                "messages of which every recipient is settled, but which are still there: 1",
                "the ledger does not add up",
                "the message has 1 recipients, and the index knows 2",
                "the message has 1 recipients, and the index knows 0");
    }

    @Test
    void indexDamaged_isFound_segmentsAreReadAllTheSame() throws Exception {
        List<QueueId> ids = three();
        long record = recordOf(ids.get(1));
        Path index = directory().resolve("index.db");
        for (long page = 4096; page < Files.size(index); page += 4096) {
            // How many entries it holds.
            flip(index, page + 3);
        }
        flip(segment(0), record + 500);
        assertThat(verify().records()).isEqualTo(3);
        assertThat(findings.get(0).where()).isEqualTo("index.db");
        assertThat(findings.get(0).what()).contains("damaged");
        assertThat(findings).anySatisfy(f -> assertThat(f.what()).contains("octets cannot be read"));
    }

    @Test
    void indexThatIsNone_isFound() throws Exception {
        three();
        Files.write(directory().resolve("index.db"), random(40_000, 5));
        assertThat(verify().records()).isEqualTo(4);
        assertFindings(Severity.FAULT, "index.db: the index is damaged");
    }

    @Test
    void indexMissing_isAWarning() throws Exception {
        three();
        Files.delete(directory().resolve("index.db"));
        assertThat(verify().records()).isEqualTo(4);
        assertFindings(Severity.WARNING, "index.db: there is no index");
        assertThat(directory().resolve("index.db")).doesNotExist();
    }

    @Test
    void indexBehindTheSegments_isNoFault() throws Exception {
        three();
        byte[] behind = Files.readAllBytes(directory().resolve("index.db"));
        QueueId settled = put(store(), envelope("a"), random(10, 1));
        put(store(), envelope("a"), random(10, 2));
        store().record(settled, List.of(forwarded(0)));
        close();
        Files.write(directory().resolve("index.db"), behind);
        VerifiedCounts counts = verify();
        assertThat(findings).isEmpty();
        assertThat(counts.messages()).isEqualTo(3);
        assertThat(counts.notYetIndexed()).isEqualTo(2);
    }

    @Test
    void setAsideAndOpenToOthers_areWarnings() throws Exception {
        three();
        Files.write(directory().resolve("corrupt").resolve("1-2.bin"), new byte[7]);
        Files.setPosixFilePermissions(
                directory().resolve("corrupt").resolve("1-2.bin"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(segment(0), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory().resolve("large"), PosixFilePermissions.fromString("rwxr-x---"));
        verify();
        assertFindings(
                Severity.WARNING,
                "segments/000000000001.seg: its permissions are rw-r--r-- and should be rw-------",
                "large: its permissions are rwxr-x--- and should be rwx------",
                "corrupt/: what could not be read was set aside here: 1 files, 7 octets");
    }

    @Test
    void afterACrash_theLogIsRead_andOnlySharedMemoryWritten() throws IOException {
        furnish();
        Path copy = temporary.resolve("copy");
        copy(directory(), copy);
        byte[] log = Files.readAllBytes(copy.resolve("index.db-wal"));
        byte[] index = Files.readAllBytes(copy.resolve("index.db"));
        Files.delete(copy.resolve("index.db-shm"));
        VerifiedCounts counts = SpoolInspection.verify(copy, findings::add);
        assertThat(findings).isEmpty();
        assertThat(counts.messages()).isEqualTo(160);
        assertThat(counts.running()).isFalse();
        assertThat(copy.resolve("index.db-wal")).hasBinaryContent(log);
        assertThat(copy.resolve("index.db")).hasBinaryContent(index);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void noSpool_isOneSentence() throws IOException {
        assertThatThrownBy(() -> SpoolInspection.verify(temporary.resolve("nowhere"), findings::add))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> SpoolInspection.verify(temporary, findings::add))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("is not a spool");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void besideAStoreThatAcceptsSettlesAndCleans_reportsNothing() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        MessageStore store = store();
        ExecutorService senders = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int seed = t;
                done.add(senders.submit(() -> acceptAndSettle(store, stop, seed)));
            }
            long until = System.nanoTime() + Duration.ofSeconds(8).toNanos();
            int looks = 0;
            while (System.nanoTime() < until) {
                verify();
                assertThat(findings).isEmpty();
                looks++;
            }
            stop.set(true);
            int messages = 0;
            for (Future<Integer> each : done) {
                messages += each.get();
            }
            assertThat(messages).isPositive();
            assertThat(looks).isPositive();
        } finally {
            stop.set(true);
            senders.shutdown();
        }
        close();
        verify();
        assertThat(findings).isEmpty();
    }

    /** Four of five messages are settled a while after they came. */
    private static int acceptAndSettle(MessageStore store, AtomicBoolean stop, int seed) {
        List<QueueId> waiting = new ArrayList<>();
        int messages = 0;
        while (!stop.get()) {
            waiting.add(put(
                    store,
                    envelope("a", "b"),
                    random(messages % 40 == 7 ? LARGE : 4_000, seed * 1_000_003L + messages)));
            messages++;
            if (waiting.size() > 20) {
                QueueId id = waiting.remove(messages % waiting.size());
                store.record(id, List.of(forwarded(0)));
                if (messages % 5 != 0) {
                    store.record(id, List.of(forwarded(1)));
                }
            }
        }
        return messages;
    }

    @Test
    void twentyThousandMessages() throws Exception {
        MessageStore store = store();
        ExecutorService senders = Executors.newFixedThreadPool(64);
        try {
            List<Future<QueueId>> ids = IntStream.range(0, 20_000)
                    .mapToObj(i -> senders.submit(() -> put(store, envelope("a"), random(700, i))))
                    .toList();
            for (Future<QueueId> id : ids) {
                id.get();
            }
            for (Future<QueueId> id : ids.subList(0, 5_000)) {
                QueueId settled = id.get();
                senders.execute(() -> store.record(settled, List.of(forwarded(0))));
            }
        } finally {
            senders.shutdown();
            assertThat(senders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(verify().messages()).isGreaterThanOrEqualTo(15_000);
        assertThat(findings).isEmpty();
        close();
        assertThat(verify().messages()).isEqualTo(15_000);
        assertThat(findings).isEmpty();
        List<QueueId> damaged = damageOneInEach(files("segments"));
        assertThat(damaged).isNotEmpty();
        assertThat(verify().messages()).isEqualTo(15_000 - damaged.size());
        assertThat(findings.stream().filter(f -> f.what().contains("the message")))
                .extracting(f -> f.what().substring("the message ".length(), "the message ".length() + 12))
                .containsExactlyElementsOf(damaged.stream().map(QueueId::text).toList());
    }

    private List<QueueId> damageOneInEach(List<Path> segments) throws IOException, SQLException {
        List<QueueId> damaged = new ArrayList<>();
        for (Path file : segments) {
            long segment = Long.parseLong(file.getFileName().toString().substring(0, 12));
            long id = number("SELECT id FROM message WHERE segment = " + segment + " ORDER BY record LIMIT 1 OFFSET 3");
            if (id > 0) {
                damaged.add(QueueIds.id(id));
                flip(file, recordOf(QueueIds.id(id)) + 400);
            }
        }
        return damaged;
    }
}
