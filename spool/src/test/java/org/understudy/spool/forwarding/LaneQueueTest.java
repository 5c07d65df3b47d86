package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.understudy.spool.MessageStores;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** In which order a lane gives out what a real store holds. */
class LaneQueueTest {
    private static final List<DomainName> DOMAINS =
            List.of(new DomainName("busy.example"), new DomainName("quiet.example"), new DomainName("third.example"));

    @TempDir
    Path directory;

    private MessageStore store;
    private LaneQueue queue;

    @BeforeEach
    void open() {
        store = MessageStores.embedded(
                new StorageSettings(directory.resolve("spool"), 1024 * 1024, 256 * 1024, 0), Clock.systemUTC());
        queue = new LaneQueue(DOMAINS);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private QueueId store(String domain) {
        MessageDraft draft = store.begin(
                new Envelope(
                        ReversePath.NULL,
                        EsmtpParameters.NONE,
                        List.of(new Recipient(ForwardPath.of(new Mailbox("u", domain)), EsmtpParameters.NONE))),
                new Origin(InetAddress.getLoopbackAddress(), "client.test", "ESMTP", Optional.empty(), Instant.now()));
        byte[] content = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        draft.write(content, 0, content.length);
        assertThat(draft.commit()).isEqualTo(CommitResult.STORED);
        return draft.id();
    }

    private List<QueueId> store(int count, String domain) {
        return IntStream.range(0, count).mapToObj(i -> store(domain)).toList();
    }

    private void read() {
        LaneReading reading = queue.beginReading();
        queue.read(reading, reading.ask(store, Instant.now()));
    }

    private QueueId take() {
        return queue.take().map(QueuedMessage::id).orElseThrow();
    }

    private List<QueueId> takeAll() {
        List<QueueId> taken = new ArrayList<>();
        while (true) {
            if (queue.wantsReading()) {
                read();
            }
            Optional<QueuedMessage> next = queue.take();
            if (next.isEmpty()) {
                return taken;
            }
            taken.add(next.get().id());
        }
    }

    private void forwarded(QueueId id) {
        store.record(id, List.of(new UnitChange(0, UnitState.FORWARDED, Instant.EPOCH, "250 ok", "")));
        queue.putDown(id);
    }

    @Test
    void oneDomain_isReadInPages_andGivenOutOldestFirst_eachOnce() {
        List<QueueId> stored = store(2 * LaneReading.PAGE + 50, "busy.example");

        assertThat(takeAll()).containsExactlyElementsOf(stored);
        assertThat(queue.inHand()).hasSize(stored.size());
    }

    @Test
    void backlogOfOneDomain_doesNotKeepMailOfOthers() {
        store(2 * LaneReading.PAGE, "busy.example");
        QueueId quiet = store("quiet.example");
        QueueId third = store("third.example");

        read();
        List<QueueId> first = List.of(take(), take(), take());

        assertThat(first).contains(quiet, third);
        assertThat(takeAll()).hasSize(2 * LaneReading.PAGE - 1);
    }

    @Test
    void whatMustNotWait_comesFirst() {
        store(2 * LaneReading.PAGE, "busy.example");
        read();
        QueueId canary = store("busy.example");
        queue.storedFirst(canary);

        assertThat(queue.wantsReading()).isTrue();
        read();
        assertThat(take()).isEqualTo(canary);
        assertThat(takeAll()).hasSize(2 * LaneReading.PAGE).doesNotContain(canary);
    }

    @Test
    void whatMustNotWait_comesFirst_alsoIfItWasReadAlready() {
        store(3, "busy.example");
        QueueId canary = store("busy.example");
        read();
        queue.storedFirst(canary);

        read();
        assertThat(take()).isEqualTo(canary);
        assertThat(takeAll()).hasSize(3);
    }

    @Test
    void whatMustNotWait_isKept_whenAReadingIsOvertaken() {
        store(3, "busy.example");
        QueueId canary = store("busy.example");
        queue.storedFirst(canary);

        LaneReading overtaken = queue.beginReading();
        LaneReading.Found found = overtaken.ask(store, Instant.now());
        queue.clear();
        queue.read(overtaken, found);

        assertThat(queue.take()).isEmpty();
        read();
        assertThat(take()).isEqualTo(canary);
    }

    @Test
    void claimedWhileItIsRead_andGivenBack_isNotGivenOutAsItWasRead() {
        QueueId held = store("busy.example");
        QueueId other = store("busy.example");

        LaneReading reading = queue.beginReading();
        LaneReading.Found found = reading.ask(store, Instant.now());
        assertThat(queue.claim(held)).isTrue();
        store.record(held, List.of(new UnitChange(0, UnitState.HELD, Instant.EPOCH, "held", "")));
        queue.putDown(held);
        queue.read(reading, found);

        assertThat(takeAll()).containsExactly(other);
    }

    @Test
    void settledWhileItIsRead_isNotGivenOutAgain() {
        List<QueueId> stored = store(3, "busy.example");
        read();
        take();

        LaneReading reading = queue.beginReading();
        forwarded(stored.get(0));
        queue.read(reading, reading.ask(store, Instant.now()));

        assertThat(takeAll()).containsExactlyElementsOf(stored.subList(1, 3));
    }

    @Test
    void putBack_isTheNextOneForAnybody() {
        List<QueueId> stored = store(3, "busy.example");
        read();
        QueuedMessage first = queue.take().orElseThrow();
        queue.putBack(first);

        assertThat(queue.inHand()).isEmpty();
        assertThat(takeAll()).containsExactlyElementsOf(stored);
    }

    @Test
    void emptyStore_isAskedOnce_untilSomethingComes() {
        assertThat(queue.wantsReading()).isTrue();
        read();
        assertThat(queue.wantsReading()).isFalse();

        QueueId stored = store("quiet.example");
        queue.stored();
        assertThat(queue.wantsReading()).isTrue();
        read();
        assertThat(take()).isEqualTo(stored);
    }
}
