package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.understudy.spool.MessageStore;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.VerifiedCounts;

/** What is sound is not called into question, also while a store accepts, settles and cleans. */
class VerificationBesideAStoreTest extends VerifiedSpool {
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
