package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.StorageSettings;

class SegmentStoreTest extends MessageStoreContract {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path temporary;

    private @Nullable MessageStore store;

    private Path directory() {
        return temporary.resolve("spool");
    }

    private static StorageSettings settings(Path directory) {
        return new StorageSettings(directory, 256 * 1024, 1024 * 1024, 0);
    }

    @Override
    MessageStore store() {
        MessageStore open = store;
        if (open == null) {
            open = MessageStores.embedded(settings(directory()), CLOCK);
            store = open;
        }
        return open;
    }

    @Override
    MessageStore reopen() {
        close();
        return store();
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
            store = null;
        }
    }

    /** The directory as a crash would leave it now. */
    private Path crashImage(String name) throws IOException {
        Path image = temporary.resolve(name);
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.toList()) {
                Path copy = image.resolve(directory().relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return image;
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("segments"))) {
            return files.sorted().toList();
        }
    }

    private static void deleteIndex(Path directory) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(directory.resolve("index.db" + suffix));
        }
    }

    @Test
    void open_afterCrash_hasEverythingAcknowledged() throws IOException {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add(put(store(), envelope("u" + i), random(20_000, i)));
        }
        ids.add(put(store(), envelope("large"), random(2_000_000, 50)));
        store().record(ids.get(0), List.of(forwarded(0)));
        Path image = crashImage("crashed");
        try (MessageStore recovered = MessageStores.embedded(settings(image), CLOCK)) {
            assertThat(recovered.find(ids.get(0))).isEmpty();
            for (int i = 1; i < 50; i++) {
                assertThat(read(recovered, ids.get(i))).isEqualTo(random(20_000, i));
            }
            assertThat(read(recovered, ids.get(50))).isEqualTo(random(2_000_000, 50));
            assertThat(recovered.counts().isBalanced()).isTrue();
        }
    }

    @Test
    void open_indexLost_isRebuiltWithoutResurrecting() throws IOException {
        QueueId settled = put(store(), envelope("a"), random(100, 1));
        QueueId half = put(store(), envelope("b", "c"), random(100, 2));
        QueueId large = put(store(), envelope("d"), random(2_000_000, 3));
        store().record(settled, List.of(forwarded(0)));
        store().record(half, List.of(forwarded(0)));
        Path image = crashImage("crashed");
        deleteIndex(image);
        try (MessageStore rebuilt = MessageStores.embedded(settings(image), CLOCK)) {
            assertThat(rebuilt.find(settled)).isEmpty();
            List<org.understudy.spool.QueuedMessage> due =
                    rebuilt.due(List.of(DOMAIN), NOW, java.util.Optional.empty(), 10);
            assertThat(due).extracting(org.understudy.spool.QueuedMessage::id).containsExactly(half, large);
            assertThat(due.get(0).units())
                    .extracting(u -> u.recipient().path().address())
                    .containsExactly("c@example.org");
            assertThat(read(rebuilt, large)).isEqualTo(random(2_000_000, 3));
            assertThat(rebuilt.counts().isBalanced()).isTrue();
        }
    }

    @Test
    void open_indexOverwritten_isRebuiltAndKept() throws IOException {
        QueueId id = put(store(), envelope("a"), random(100, 1));
        close();
        deleteIndex(directory());
        Files.write(directory().resolve("index.db"), random(8192, 9));
        assertThat(read(store(), id)).isEqualTo(random(100, 1));
        try (Stream<Path> kept = Files.list(directory().resolve("corrupt"))) {
            assertThat(kept).isNotEmpty();
        }
    }

    @Test
    void open_tornTail_keepsAllBeforeIt() throws IOException {
        QueueId first = put(store(), envelope("a"), random(100, 1));
        put(store(), envelope("b"), random(100, 2));
        Path image = crashImage("crashed");
        Path segment = segments(image).get(0);
        long end = SegmentScanner.scan(segment, 0, RecoveryVisitor.COUNTING);
        // The second record lies in the last 300 octets; every way to tear it must leave the first whole.
        for (long cut = end - 1; cut > end - 200; cut -= 19) {
            Path torn = temporary.resolve("torn-" + cut);
            Files.createDirectories(torn.resolve("segments"));
            Files.copy(segment, torn.resolve("segments").resolve(segment.getFileName()));
            try (RandomAccessFile file = new RandomAccessFile(
                    torn.resolve("segments").resolve(segment.getFileName()).toFile(), "rw")) {
                file.setLength(cut);
            }
            try (MessageStore recovered = MessageStores.embedded(settings(torn), CLOCK)) {
                assertThat(read(recovered, first)).isEqualTo(random(100, 1));
                assertThat(recovered.counts().queued()).isEqualTo(1);
                put(recovered, envelope("c"), random(100, 3));
            }
        }
    }

    @Test
    void open_damagedRecord_isSetAsideAloneAndReported() throws IOException {
        QueueId first = put(store(), envelope("a"), random(1000, 1));
        QueueId second = put(store(), envelope("b"), random(1000, 2));
        QueueId third = put(store(), envelope("c"), random(1000, 3));
        Path image = crashImage("crashed");
        deleteIndex(image);
        try (RandomAccessFile file = new RandomAccessFile(segments(image).get(0).toFile(), "rw")) {
            file.seek(2000);
            file.write(random(8, 4));
        }
        try (MessageStore recovered = MessageStores.embedded(settings(image), CLOCK);
                Stream<Path> kept = Files.list(image.resolve("corrupt"))) {
            assertThat(read(recovered, first)).isEqualTo(random(1000, 1));
            assertThat(recovered.find(second)).isEmpty();
            assertThat(read(recovered, third)).isEqualTo(random(1000, 3));
            assertThat(kept).hasSize(1);
        }
    }

    @Test
    void content_damagedOnDisk_failsBeforeItsEnd() throws IOException {
        QueueId id = put(store(), envelope("a"), random(1000, 1));
        try (RandomAccessFile file =
                new RandomAccessFile(segments(directory()).get(0).toFile(), "rw")) {
            file.seek(600);
            file.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        assertThatThrownBy(() -> read(store(), id))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void open_unfinishedLargeMessage_isDeleted() throws IOException {
        MessageDraft draft = store().begin(envelope("a"), origin());
        draft.write(new byte[2_000_000], 0, 2_000_000);
        Path image = crashImage("crashed");
        draft.discard();
        try (MessageStore recovered = MessageStores.embedded(settings(image), CLOCK);
                Stream<Path> large = Files.list(image.resolve("large"))) {
            assertThat(large).isEmpty();
            assertThat(recovered.counts().accepted()).isZero();
        }
    }

    @Test
    void segments_allSettled_areDeleted() throws IOException {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(put(store(), envelope("a"), random(20_000, i)));
        }
        assertThat(segments(directory())).hasSizeGreaterThan(3);
        for (QueueId id : ids) {
            store().record(id, List.of(forwarded(0)));
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(segments(directory())).hasSizeLessThan(4));
    }

    @Test
    void open_usedByAnother_saysSo() {
        store();
        assertThatThrownBy(() -> MessageStores.embedded(settings(directory()), CLOCK))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("in use by another process");
    }

    @Test
    void open_newerFormat_isRefused() throws IOException {
        put(store(), envelope("a"), random(10, 1));
        close();
        deleteIndex(directory());
        try (RandomAccessFile file =
                new RandomAccessFile(segments(directory()).get(0).toFile(), "rw")) {
            file.seek(4);
            file.writeInt(99);
        }
        assertThatThrownBy(() -> MessageStores.embedded(settings(directory()), CLOCK))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void commit_reserveNotFree_isNoSpace() {
        close();
        try (MessageStore full = MessageStores.embedded(
                new StorageSettings(directory(), 256 * 1024, 1024 * 1024, Long.MAX_VALUE / 2), CLOCK)) {
            MessageDraft draft = full.begin(envelope("a"), origin());
            draft.write(new byte[10], 0, 10);
            assertThat(draft.commit()).isEqualTo(CommitResult.NO_SPACE);
            assertThat(full.health().accepting()).isFalse();
            assertThat(full.health().detail()).contains("reserve");
        }
    }

    @Test
    void open_permissions_areForTheOwnerAlone() throws IOException {
        put(store(), envelope("a"), random(2_000_000, 1));
        assertThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        try (Stream<Path> files = Files.walk(directory())) {
            for (Path file : files.filter(f -> !f.getFileName().toString().startsWith("index.db"))
                    .toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void committer_interruptOfACaller_closesNothing() throws Exception {
        MessageStore store = store();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            put(store, envelope("a"), random(10, 1));
        });
        caller.start();
        caller.join();
        put(store(), envelope("b"), random(10, 2));
        assertThat(store().counts().queued()).isEqualTo(2);
    }
}
