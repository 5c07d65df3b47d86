package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;
import static org.understudy.spool.storage.MessageStoreContract.read;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** Disk space comes back, nothing that lives goes with it, and nothing that was settled comes back. */
class CleaningTest {
    private static final int SEGMENT = 256 * 1024;
    private static final int SIZE = 4_000;

    @TempDir
    Path temporary;

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
                    new StorageSettings(directory(), SEGMENT, 1024 * 1024, 0), Clock.fixed(NOW, ZoneOffset.UTC));
            open = store;
        }
        return store;
    }

    private void rebuild() throws IOException {
        close();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(directory().resolve("index.db" + suffix));
        }
        store();
    }

    private List<Path> segments() {
        try (Stream<Path> files = Files.list(directory().resolve("segments"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path lastSegment() {
        List<Path> all = segments();
        return all.get(all.size() - 1);
    }

    private long segmentBytes() {
        return segments().stream().mapToLong(f -> f.toFile().length()).sum();
    }

    /** Many at a time, so that they share syncs. */
    private static <T, R> List<R> each(List<T> inputs, Function<T, R> action) {
        ExecutorService pool = Executors.newFixedThreadPool(32);
        try {
            List<Future<R>> results = new ArrayList<>();
            inputs.forEach(input -> results.add(pool.submit(() -> action.apply(input))));
            List<R> values = new ArrayList<>();
            for (Future<R> result : results) {
                values.add(result.get());
            }
            return values;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            pool.shutdown();
        }
    }

    private List<QueueId> fill(int messages) {
        MessageStore store = store();
        return each(
                IntStream.range(0, messages).boxed().toList(),
                i -> put(store, envelope("a" + i, "b" + i), random(SIZE, i)));
    }

    private void settle(List<QueueId> ids) {
        MessageStore store = store();
        each(ids, id -> {
            store.record(id, List.of(forwarded(0), forwarded(1)));
            return id;
        });
    }

    private void assertAlive(List<QueueId> all, List<Integer> living) throws IOException {
        for (int i = 0; i < all.size(); i++) {
            if (living.contains(i)) {
                assertThat(read(store(), all.get(i))).isEqualTo(random(SIZE, i));
                assertThat(store().find(all.get(i))
                                .orElseThrow()
                                .units()
                                .get(1)
                                .recipient()
                                .path()
                                .address())
                        .isEqualTo("b" + i + "@example.org");
            } else {
                assertThat(store().find(all.get(i))).isEmpty();
            }
        }
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void randomNineTenthsSettled_spaceComesBack_restLives() throws IOException {
        List<QueueId> ids = fill(1_000);
        List<Integer> order =
                new ArrayList<>(Stream.iterate(0, i -> i + 1).limit(ids.size()).toList());
        Collections.shuffle(order, new Random(5));
        List<Integer> living = order.subList(900, 1_000);
        settle(order.subList(0, 900).stream().map(ids::get).toList());
        // A hundred of four thousand octets, a quarter of a segment of slack, and the segment that is written to.
        await().atMost(Duration.ofSeconds(20)).until(() -> segmentBytes() < 100L * SIZE * 4 / 3 + 5L * SEGMENT / 2);
        assertAlive(ids, living);
        rebuild();
        assertAlive(ids, living);
        assertThat(store().counts().forwarded()).isEqualTo(1_800);
        assertThat(store().counts().queued()).isEqualTo(200);
    }

    /** What is said of settled messages is no reason to write without end. */
    @Test
    void moreOutcomesThanASegmentHolds_areNotCarriedInCircles() throws IOException {
        MessageStore store = store();
        List<QueueId> ids = each(
                IntStream.range(0, 6_000).boxed().toList(),
                i -> put(store, envelope("a" + i, "b" + i), random(500, i)));
        List<QueueId> going = IntStream.range(0, ids.size())
                .filter(i -> i % 5 != 0)
                .mapToObj(ids::get)
                .toList();
        Path last = segments().get(segments().size() - 1);
        settle(going);
        assertThat(segments().indexOf(last)).isLessThan(segments().size() - 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> segmentBytes() < 1_200L * 1_000 + 3L * SEGMENT);
        int before = ids.size() - going.size();
        assertThat(store.counts().messages()).isEqualTo(before);
        rebuild();
        assertThat(store().counts().messages()).isEqualTo(before);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void oneStays_doesNotKeepTheSegmentsBehindIt() throws IOException {
        QueueId stays = put(store(), envelope("stays"), random(SIZE, 7));
        for (int round = 0; round < 5; round++) {
            settle(fill(200));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> segments().size() <= 2);
        assertThat(read(store(), stays)).isEqualTo(random(SIZE, 7));
        rebuild();
        assertThat(read(store(), stays)).isEqualTo(random(SIZE, 7));
        assertThat(store().counts().messages()).isEqualTo(1);
    }

    @Test
    void movedMessage_keepsWhatBecameOfItsUnits() throws IOException {
        QueueId half = put(store(), envelope("forwarded", "quarantined", "waits"), random(SIZE, 7));
        store().record(half, List.of(forwarded(0), new UnitChange(1, UnitState.QUARANTINED, NOW, "550 no", "")));
        Path first = segments().get(0);
        for (int round = 0; round < 3; round++) {
            settle(fill(200));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(first));
        rebuild();
        assertThat(store().find(half).orElseThrow().units())
                .extracting(Unit::state)
                .containsExactly(UnitState.FORWARDED, UnitState.QUARANTINED, UnitState.QUEUED);
        assertThat(store().counts().quarantined()).isEqualTo(1);
        assertThat(store().counts().forwarded()).isEqualTo(1_201);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void releasedUnit_isNotTakenBack_whenTheSegmentThatQuarantinedItIsEmptied() throws IOException {
        QueueId released = put(store(), envelope("quarantined", "waits"), random(SIZE, 7));
        List<QueueId> keepers = fill(120);
        List<QueueId> churn = fill(100);
        store().record(released, List.of(new UnitChange(0, UnitState.QUARANTINED, NOW, "550 no", "")));
        Path quarantine = lastSegment();
        settle(churn);
        for (int round = 0; round < 20 && lastSegment().equals(quarantine); round++) {
            settle(fill(100));
        }
        assertThat(lastSegment()).as(segments().toString()).isNotEqualTo(quarantine);
        store().record(released, List.of(new UnitChange(0, UnitState.QUEUED, NOW, "released", "")));
        List<QueueId> behind = fill(100);
        settle(fill(200));
        await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(quarantine));
        rebuild();
        assertThat(store().find(released).orElseThrow().units())
                .extracting(Unit::state)
                .containsExactly(UnitState.QUEUED, UnitState.QUEUED);
        assertThat(store().counts().messages()).isEqualTo(1 + keepers.size() + behind.size());
    }

    @Test
    void outcomeOutlivesItsSegment_whileACopyOfTheMessageIsLeft() throws IOException {
        QueueId settled = put(store(), envelope("settled"), random(SIZE, 1));
        // Keeps the first segment well alive, so that only later ones are emptied.
        List<QueueId> keepers = fill(120);
        Path first = segments().get(0);
        List<QueueId> churn = fill(100);
        store().record(settled, List.of(forwarded(0)));
        long withOutcome = segments().size();
        settle(churn);
        settle(fill(300));
        await().atMost(Duration.ofSeconds(20)).until(() -> segments().size() < withOutcome + 3);
        assertThat(first).exists();
        rebuild();
        assertThat(store().find(settled)).isEmpty();
        for (int i = 0; i < keepers.size(); i++) {
            assertThat(read(store(), keepers.get(i))).isEqualTo(random(SIZE, i));
        }
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void damagedSegment_isNeverDeleted_andDoesNotStopTheOthers() throws IOException {
        List<QueueId> kept = fill(60);
        Path first = segments().get(0);
        close();
        try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
            file.seek(5_000);
            file.write(random(50, 1));
        }
        store();
        settle(kept.subList(1, 60));
        for (int round = 0; round < 3; round++) {
            settle(fill(200));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> segments().size() <= 4);
        assertThat(first).exists();
        assertThat(store().find(kept.get(0))).isPresent();
    }

    @Test
    void acceptanceAndReadingGoOn_whileSegmentsAreEmptied() throws Exception {
        MessageStore store = store();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<QueueId>>> workers = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                int worker = w;
                workers.add(pool.submit(() -> churn(store, worker)));
            }
            for (int w = 0; w < 8; w++) {
                List<QueueId> living = workers.get(w).get();
                for (int i = 0; i < living.size(); i++) {
                    assertThat(read(store(), living.get(i))).isEqualTo(random(SIZE, w * 1_000L + i * 10L));
                }
            }
        } finally {
            pool.shutdown();
        }
        assertThat(store().counts().messages()).isEqualTo(8 * 40);
        rebuild();
        assertThat(store().counts().messages()).isEqualTo(8 * 40);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    /** Nine of ten are settled after the next ones were put; returns the others. */
    private static List<QueueId> churn(MessageStore store, int worker) throws IOException {
        List<QueueId> living = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long seed = worker * 1_000L + i;
            QueueId id = put(store, envelope("a", "b"), random(SIZE, seed));
            if (i % 10 == 0) {
                living.add(id);
            } else {
                assertThat(read(store, id)).isEqualTo(random(SIZE, seed));
                store.record(id, List.of(forwarded(0), forwarded(1)));
            }
        }
        return living;
    }

    @Test
    void indexShrinks_whenTheQueueDoes() throws IOException {
        List<QueueId> ids = fill(3_000);
        close();
        long full = Files.size(directory().resolve("index.db"));
        settle(ids);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            close();
            return Files.size(directory().resolve("index.db")) < full / 4
                    || store().counts().messages() > 0;
        });
        assertThat(Files.size(directory().resolve("index.db"))).isLessThan(full / 4);
    }
}
