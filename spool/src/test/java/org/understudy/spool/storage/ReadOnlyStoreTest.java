package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.DomainName;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolReader;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** Messages can be read beside a store, on a stopped one, and as far as possible when damaged. */
class ReadOnlyStoreTest {
    private static final List<UnitState> OPEN = List.of(UnitState.QUEUED, UnitState.QUARANTINED);

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
                    new StorageSettings(directory(), 256 * 1024, 200_000, 0), Clock.fixed(NOW, ZoneOffset.UTC));
            open = store;
        }
        return store;
    }

    private static byte[] content(SpoolReader reader, QueueId id) throws IOException {
        try (InputStream in = reader.content(id).open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void besideAStore_seesWhatWasJustAcceptedAndSettled() throws IOException {
        QueueId first = put(store(), envelope("a", "b"), random(1000, 1));
        try (SpoolReader reader = SpoolReader.open(directory())) {
            QueueId large = put(store(), envelope("c"), random(300_000, 2));
            assertThat(reader.ids(Optional.empty(), OPEN, Optional.empty(), 10)).containsExactly(first, large);
            assertThat(reader.ids(Optional.empty(), OPEN, Optional.of(first), 10))
                    .containsExactly(large);
            assertThat(content(reader, first)).isEqualTo(random(1000, 1));
            assertThat(content(reader, large)).isEqualTo(random(300_000, 2));
            store().record(first, List.of(forwarded(0)));
            assertThat(reader.find(first).flatMap(FoundMessage::message))
                    .hasValueSatisfying(m -> assertThat(m.units())
                            .extracting(u -> u.state())
                            .containsExactly(UnitState.FORWARDED, UnitState.QUEUED));
            store().record(large, List.of(forwarded(0)));
            assertThat(reader.find(large)).isEmpty();
            assertThatThrownBy(() -> reader.content(large)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void ids_ofADomainAndAState() {
        QueueId queued = put(store(), envelope("a"), random(10, 1));
        QueueId quarantined = put(store(), envelope("a"), random(10, 1));
        store().record(quarantined, List.of(new UnitChange(0, UnitState.QUARANTINED, NOW, "550 no", "")));
        close();
        try (SpoolReader reader = SpoolReader.open(directory())) {
            DomainName domain = new DomainName("example.org");
            assertThat(reader.ids(Optional.of(domain), List.of(UnitState.QUEUED), Optional.empty(), 9))
                    .containsExactly(queued);
            assertThat(reader.ids(Optional.empty(), List.of(UnitState.QUARANTINED), Optional.empty(), 9))
                    .containsExactly(quarantined);
            assertThat(reader.ids(Optional.of(new DomainName("example.net")), OPEN, Optional.empty(), 9))
                    .isEmpty();
            reader.requireUndisturbed();
        }
    }

    @Test
    void damagedEnvelope_contentIsReadAllTheSame() throws IOException {
        QueueId id = put(store(), envelope("a"), random(1000, 1));
        close();
        damage(id, 60);
        try (SpoolReader reader = SpoolReader.open(directory())) {
            FoundMessage found = reader.find(id).orElseThrow();
            assertThat(found.message()).isEmpty();
            assertThat(found.damage()).contains("the envelope does not match its checksum");
            assertThat(found.size()).isEqualTo(1000);
            assertThat(content(reader, id)).isEqualTo(random(1000, 1));
        }
    }

    @Test
    void damagedContent_failsAtItsEnd_envelopeIsRead() throws IOException {
        QueueId id = put(store(), envelope("a"), random(100_000, 1));
        close();
        damage(id, 50_000);
        try (SpoolReader reader = SpoolReader.open(directory())) {
            assertThat(reader.find(id).flatMap(FoundMessage::message)).isPresent();
            assertThatThrownBy(() -> content(reader, id)).hasMessageContaining("does not match its checksum");
        }
    }

    /** Flips an octet in the record of the first message. */
    private void damage(QueueId id, int behindTheId) throws IOException {
        Path segment = Segment.file(directory().resolve("segments"), 1);
        String text = Files.readString(segment, StandardCharsets.ISO_8859_1);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            int at = text.indexOf(id.text()) + behindTheId;
            file.seek(at);
            file.write(text.charAt(at) ^ 1);
        }
    }

    @Test
    void storeStartedMeanwhile_isSaid() {
        put(store(), envelope("a"), random(10, 1));
        close();
        try (SpoolReader reader = SpoolReader.open(directory())) {
            reader.requireUndisturbed();
            put(store(), envelope("a"), random(10, 1));
            assertThatThrownBy(reader::requireUndisturbed)
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("run the command again");
        }
    }

    @Test
    void withoutIndex_isOneSentence() throws IOException {
        put(store(), envelope("a"), random(10, 1));
        close();
        Path index = directory().resolve("index.db");
        Path aside = temporary.resolve("index.db");
        Files.move(index, aside);
        assertThatThrownBy(() -> SpoolReader.open(directory()))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("has no index: start the agent once");
        Files.write(index, random(10_000, 3));
        assertThatThrownBy(() -> SpoolReader.open(directory()))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("look at it with 'spool verify'");
        Files.move(aside, index, StandardCopyOption.REPLACE_EXISTING);
        SpoolReader.open(directory()).close();
    }
}
