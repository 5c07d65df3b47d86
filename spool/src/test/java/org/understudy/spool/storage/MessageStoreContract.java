package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** What every {@link MessageStore} must do. Run against each implementation. */
abstract class MessageStoreContract {
    static final DomainName DOMAIN = new DomainName("example.org");
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** The store under test; the same one for the whole test, until {@link #reopen}. */
    abstract MessageStore store();

    /** Closes the store and opens it again. */
    abstract MessageStore reopen();

    static Origin origin() {
        return new Origin(
                InetAddress.getLoopbackAddress(),
                "client.test",
                "ESMTPS",
                Optional.of("TLSv1.3"),
                NOW.minusSeconds(60));
    }

    static Envelope envelope(String... localParts) {
        return new Envelope(
                ReversePath.of(new Mailbox("s", "sender.test")),
                new EsmtpParameters(Map.of("BODY", "8BITMIME")),
                Arrays.stream(localParts)
                        .map(l -> new Recipient(
                                new ForwardPath(l, Optional.of("example.org")),
                                new EsmtpParameters(Map.of("NOTIFY", "NEVER"))))
                        .toList());
    }

    static QueueId put(MessageStore store, Envelope envelope, byte[] content) {
        MessageDraft draft = store.begin(envelope, origin());
        draft.write(content, 0, content.length);
        assertThat(draft.commit()).isEqualTo(CommitResult.STORED);
        return draft.id();
    }

    static byte[] read(MessageStore store, QueueId id) throws IOException {
        try (InputStream in = store.content(id).open()) {
            return in.readAllBytes();
        }
    }

    static byte[] random(int size, long seed) {
        byte[] octets = new byte[size];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    static UnitChange forwarded(int number) {
        return new UnitChange(number, UnitState.FORWARDED, NOW, "250 ok", "R1");
    }

    List<QueuedMessage> due() {
        return store().due(List.of(DOMAIN), NOW, Optional.empty(), 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 70_000, 1_048_576, 1_048_577, 5_000_000})
    void commit_anySize_comesBackOctetForOctet(int size) throws IOException {
        byte[] content = random(size, size);
        QueueId id = put(store(), envelope("a"), content);
        assertThat(read(store(), id)).isEqualTo(content);
        assertThat(store().content(id).size()).isEqualTo(size);
        reopen();
        assertThat(read(store(), id)).isEqualTo(content);
    }

    @Test
    void commit_envelope_comesBackWhole() {
        QueueId id = put(store(), envelope("a", "b"), random(10, 1));
        reopen();
        QueuedMessage message = store().find(id).orElseThrow();
        assertThat(message.reversePath()).hasToString("<s@sender.test>");
        assertThat(message.parameters().value("BODY")).contains("8BITMIME");
        assertThat(message.origin()).isEqualTo(origin());
        assertThat(message.units())
                .extracting(u -> u.recipient().path().address())
                .containsExactly("a@example.org", "b@example.org");
        assertThat(message.units().get(0).recipient().parameters().value("NOTIFY"))
                .contains("NEVER");
    }

    @Test
    void commit_nullReversePathAndPostmaster_comeBack() {
        Envelope envelope = Envelope.of(ReversePath.NULL, new ForwardPath("Postmaster", Optional.empty()));
        QueueId id = put(store(), envelope, random(10, 1));
        reopen();
        assertThat(store().find(id).orElseThrow().reversePath().isNull()).isTrue();
        assertThat(due()).hasSize(1);
        assertThat(due().get(0).units().get(0).recipient().path()).hasToString("<Postmaster>");
    }

    @Test
    void discard_leavesNothing() {
        for (int size : new int[] {10, 3_000_000}) {
            MessageDraft draft = store().begin(envelope("a"), origin());
            draft.write(new byte[size], 0, size);
            draft.discard();
        }
        assertThat(store().counts().accepted()).isZero();
        assertThat(due()).isEmpty();
        reopen();
        assertThat(due()).isEmpty();
    }

    @Test
    void due_oldestFirst_inPages() {
        List<QueueId> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(put(store(), envelope("a"), random(10, i)));
        }
        List<QueueId> seen = new ArrayList<>();
        Optional<QueueId> after = Optional.empty();
        while (true) {
            List<QueuedMessage> page = store().due(List.of(DOMAIN), NOW, after, 3);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(m -> seen.add(m.id()));
            after = Optional.of(page.get(page.size() - 1).id());
        }
        assertThat(seen).isEqualTo(ids);
        assertThat(store().due(List.of(new DomainName("other.test")), NOW, Optional.empty(), 3))
                .isEmpty();
    }

    @Test
    void record_deferred_isDueAgainLater() {
        QueueId id = put(store(), envelope("a", "b"), random(10, 1));
        store().record(
                        id,
                        List.of(
                                new UnitChange(0, UnitState.QUEUED, NOW.plusSeconds(60), "450 later", ""),
                                forwarded(1)));
        assertThat(due()).isEmpty();
        List<QueuedMessage> later = store().due(List.of(DOMAIN), NOW.plusSeconds(61), Optional.empty(), 10);
        assertThat(later).hasSize(1);
        assertThat(later.get(0).units()).hasSize(1);
        assertThat(later.get(0).units().get(0).attempts()).isEqualTo(1);
        assertThat(later.get(0).units().get(0).lastReply()).contains("450 later");
        assertThat(store().counts().forwarded()).isEqualTo(1);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void record_allForwarded_messageIsGone() {
        QueueId small = put(store(), envelope("a", "b"), random(10, 1));
        QueueId large = put(store(), envelope("a"), random(2_000_000, 2));
        store().record(small, List.of(forwarded(0), forwarded(1)));
        store().record(large, List.of(forwarded(0)));
        assertThat(store().find(small)).isEmpty();
        assertThat(store().counts().messages()).isZero();
        assertThat(store().counts().forwarded()).isEqualTo(3);
        reopen();
        assertThat(due()).isEmpty();
        assertThat(store().counts().forwarded()).isEqualTo(3);
        assertThat(store().counts().isBalanced()).isTrue();
        assertThatThrownBy(() -> read(store(), large)).isInstanceOf(IOException.class);
    }

    @Test
    void record_twiceForwarded_countsOnce() {
        QueueId id = put(store(), envelope("a", "b"), random(10, 1));
        store().record(id, List.of(forwarded(0)));
        store().record(id, List.of(forwarded(0)));
        assertThat(store().counts().forwarded()).isEqualTo(1);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void recordLater_manyAtOnce_isDurableWhenComplete_inOrder() {
        QueueId id = put(store(), envelope("a", "b"), random(10, 1));
        List<CompletableFuture<Void>> recorded = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            recorded.add(store().recordLater(
                            id, List.of(new UnitChange(0, UnitState.QUEUED, NOW.plusSeconds(i), "450 " + i, ""))));
        }
        recorded.add(store().recordLater(id, List.of(forwarded(1))));
        CompletableFuture.allOf(recorded.toArray(CompletableFuture[]::new)).join();
        reopen();
        QueuedMessage message = store().find(id).orElseThrow();
        assertThat(message.units().get(0).lastReply()).contains("450 49");
        assertThat(message.units().get(0).attempts()).isEqualTo(50);
        assertThat(store().counts().forwarded()).isEqualTo(1);
        assertThat(store().counts().isBalanced()).isTrue();
    }

    @Test
    void close_thenRecord_fails() {
        MessageStore closed = store();
        QueueId id = put(closed, envelope("a"), random(10, 1));
        reopen();
        assertThat(closed.recordLater(id, List.of(forwarded(0))))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(SpoolException.class);
        assertThatThrownBy(() -> closed.record(id, List.of(forwarded(0)))).isInstanceOf(SpoolException.class);
        assertThat(due()).hasSize(1);
    }

    @Test
    void record_quarantined_isKeptAndNotDue() throws IOException {
        QueueId id = put(store(), envelope("a"), random(10, 1));
        store().record(id, List.of(new UnitChange(0, UnitState.QUARANTINED, NOW, "550 no", "")));
        assertThat(due()).isEmpty();
        reopen();
        assertThat(due()).isEmpty();
        assertThat(store().counts().quarantined()).isEqualTo(1);
        assertThat(read(store(), id)).isEqualTo(random(10, 1));
    }

    @Test
    void commit_manyAtOnce_allAreThere() throws Exception {
        MessageStore store = store();
        ExecutorService pool = Executors.newFixedThreadPool(64);
        try {
            List<Callable<QueueId>> tasks = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int n = i;
                tasks.add(() -> put(store, envelope("u" + n), random(1000 + n, n)));
            }
            List<QueueId> ids = new ArrayList<>();
            for (Future<QueueId> future : pool.invokeAll(tasks)) {
                ids.add(future.get());
            }
            assertThat(ids).doesNotHaveDuplicates();
            reopen();
            for (int i = 0; i < ids.size(); i++) {
                assertThat(read(store(), ids.get(i))).isEqualTo(random(1000 + i, i));
            }
            assertThat(store().counts().queued()).isEqualTo(1000);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void counts_perDomain_addUp() {
        put(store(), envelope("a"), "x".getBytes(StandardCharsets.US_ASCII));
        put(store(), envelope("b"), "yy".getBytes(StandardCharsets.US_ASCII));
        assertThat(store().counts().domains())
                .hasEntrySatisfying(DOMAIN, d -> assertThat(d.queued()).isEqualTo(2));
        assertThat(store().counts().bytes()).isEqualTo(3);
        assertThat(store().counts().oldestArrival()).contains(origin().arrival());
    }

    @Test
    void counts_sayWhenTheFirstUnitIsDue() {
        QueueId id = put(store(), envelope("a", "b"), "x".getBytes(StandardCharsets.US_ASCII));
        assertThat(queue().overdue(NOW)).as("never tried").isEqualTo(Duration.ofSeconds(60));
        store().record(id, List.of(deferred(0, Duration.ofMinutes(20)), deferred(1, Duration.ofMinutes(10))));
        assertThat(queue().firstDue()).contains(NOW.plus(Duration.ofMinutes(10)));
        assertThat(queue().overdue(NOW)).as("waiting for its time").isZero();
        store().record(id, List.of(deferred(0, Duration.ofMinutes(-7))));
        assertThat(queue().overdue(NOW)).isEqualTo(Duration.ofMinutes(7));
        store().record(id, List.of(forwarded(0), forwarded(1)));
        assertThat(store().counts().domains()).isEmpty();
    }

    private DomainQueue queue() {
        return store().counts().domains().getOrDefault(DOMAIN, DomainQueue.EMPTY);
    }

    private static UnitChange deferred(int number, Duration from) {
        return new UnitChange(number, UnitState.QUEUED, NOW.plus(from), "450 later", "");
    }

    @Test
    void close_thenCommit_fails() {
        MessageStore store = store();
        MessageDraft draft = store.begin(envelope("a"), origin());
        reopen();
        assertThat(draft.commit()).isEqualTo(CommitResult.FAILED);
        assertThat(due()).isEmpty();
    }
}
