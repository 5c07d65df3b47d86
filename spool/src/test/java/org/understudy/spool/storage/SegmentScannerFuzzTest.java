package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * A segment with a valid header and anything behind it. Every octet is reported as whole, damaged or torn, every record that
 * is whole is found, and its payload is decoded or refused by an IOException.
 *
 * <p>The input is a list of pieces: an octet that says what it is, one for its length, the octets. Checksums are put right
 * here, because no fuzzer guesses them.
 */
class SegmentScannerFuzzTest {
    private static final long MARK = 0x5ca1_ab1e_0ddb_a11L;
    /** With a valid checksum, type 0 to 5. */
    private static final int RECORD = 0;
    /** The same, where the payload's envelope has a valid checksum as well. */
    private static final int MESSAGE = 6;

    private static final int LARGE = 7;
    private static final int OTHER_CHECKSUM = 8;
    private static final int OTHER_LENGTH = 9;
    private static final int MARK_ONLY = 10;
    private static final int ZEROS = 11;
    private static final int KINDS = 13;

    private static Path file;

    /** A record that was put into the segment whole, or what was found. */
    private record Found(byte type, long position, String payload) {}

    static Stream<byte[]> seeds() throws IOException {
        byte[] ledger = octets(new Ledger(9, 4, 3, 2, 1).segmentRecord());
        byte[] outcome = octets(Outcome.settled(
                        new QueueId("ABC123"),
                        List.of(new UnitChange(0, UnitState.FORWARDED, Instant.EPOCH, "250 Ok", "x")))
                .withCopies(1, 2)
                .segmentRecord());
        StoredEnvelope stored = new StoredEnvelope(
                new QueueId("ABC123"),
                new Origin(InetAddress.getLoopbackAddress(), "c", "SMTP", Optional.empty(), Instant.EPOCH),
                new Envelope(
                        ReversePath.NULL,
                        EsmtpParameters.NONE,
                        List.of(new Recipient(
                                new ForwardPath("a", Optional.of("b")),
                                new EsmtpParameters(java.util.Map.of("X", "y"))))));
        byte[] envelope = stored.encode();
        byte[] body = Arrays.copyOf(envelope, envelope.length - Integer.BYTES);
        return Stream.of(
                join(piece(4, ledger), piece(2, outcome), piece(MESSAGE, body), piece(ZEROS, new byte[9])),
                join(piece(LARGE, body), piece(OTHER_CHECKSUM, ledger), piece(4, ledger), piece(12, body)),
                join(piece(1, body), piece(OTHER_LENGTH, ledger), piece(MARK_ONLY, new byte[0]), piece(4, ledger)),
                join(piece(ZEROS, new byte[99]), piece(4, ledger), piece(MARK_ONLY, new byte[3]), new byte[] {1}));
    }

    private static byte[] octets(SegmentRecord segmentRecord) {
        ByteBuffer all = ByteBuffer.allocate(segmentRecord.length());
        segmentRecord.payload().forEach(part -> all.put(part.duplicate()));
        return all.array();
    }

    private static byte[] piece(int kind, byte[] octets) {
        return ByteBuffer.allocate(2 + octets.length)
                .put((byte) kind)
                .put((byte) octets.length)
                .put(octets)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @BeforeAll
    static void createFile() throws IOException {
        file = Files.createTempFile("fuzzed", ".seg");
    }

    @AfterAll
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    @MethodSource("seeds")
    @FuzzTest
    void segment(byte[] input) throws IOException {
        List<Found> written = new ArrayList<>();
        byte[] segment = build(ByteBuffer.wrap(input), written);
        Files.write(file, segment);
        Observer observer = new Observer(segment);
        long end = SegmentScanner.scan(file, 0, observer);
        observer.check(end);
        assertThat(observer.whole).isEqualTo(written);
    }

    private static byte[] build(ByteBuffer input, List<Found> written) {
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        segment.writeBytes(ByteBuffer.allocate(Segment.HEADER_BYTES)
                .putInt(Segment.MAGIC)
                .putInt(Segment.FORMAT)
                .putLong(1)
                .putLong(MARK)
                .array());
        while (input.remaining() >= 2) {
            int kind = (input.get() & 0xff) % KINDS;
            byte[] octets = new byte[Math.min(input.get() & 0xff, input.remaining())];
            input.get(octets);
            add(segment, kind, octets, written);
        }
        return segment.toByteArray();
    }

    private static void add(ByteArrayOutputStream segment, int kind, byte[] octets, List<Found> written) {
        switch (kind) {
            case MESSAGE -> whole(segment, SegmentRecord.MESSAGE, message(octets), written);
            case LARGE ->
                whole(
                        segment,
                        SegmentRecord.LARGE,
                        join(new byte[MessageRecord.LARGE_BYTES], withChecksum(octets)),
                        written);
            case OTHER_CHECKSUM -> segment.writeBytes(record(SegmentRecord.MESSAGE, octets, octets.length, 1));
            case OTHER_LENGTH -> {
                int length = octets.length < Integer.BYTES
                        ? -1
                        : ByteBuffer.wrap(octets).getInt();
                segment.writeBytes(record(SegmentRecord.OUTCOME, octets, length, 1));
            }
            case MARK_ONLY ->
                segment.writeBytes(
                        join(ByteBuffer.allocate(Long.BYTES).putLong(MARK).array(), octets));
            case ZEROS -> segment.writeBytes(new byte[octets.length]);
            case KINDS - 1 -> segment.writeBytes(octets);
            default -> whole(segment, (byte) (kind - RECORD), octets, written);
        }
    }

    /** An envelope and content that says the same, so that both get some variety. */
    private static byte[] message(byte[] octets) {
        byte[] envelope = withChecksum(octets);
        return join(ByteBuffer.allocate(Integer.BYTES).putInt(envelope.length).array(), envelope, octets);
    }

    private static byte[] withChecksum(byte[] octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return ByteBuffer.allocate(octets.length + Integer.BYTES)
                .put(octets)
                .putInt((int) crc.getValue())
                .array();
    }

    private static void whole(ByteArrayOutputStream segment, byte type, byte[] payload, List<Found> written) {
        segment.writeBytes(record(type, payload, payload.length, 0));
        written.add(new Found(type, segment.size() - payload.length, text(payload)));
    }

    private static byte[] record(byte type, byte[] payload, int length, int checksumOff) {
        return ByteBuffer.allocate(Segment.RECORD_HEADER_BYTES + payload.length)
                .putLong(MARK)
                .putInt(length)
                .putInt(SegmentRecord.checksum(type, payload) + checksumOff)
                .put(type)
                .put(payload)
                .array();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** Sees that nothing is left out or told twice, and decodes what is whole. */
    private static final class Observer implements SegmentScanner.Visitor {
        private final byte[] segment;
        private final List<Found> whole = new ArrayList<>();
        private long at = Segment.HEADER_BYTES;
        private boolean torn;

        Observer(byte[] segment) {
            this.segment = segment;
        }

        @Override
        public void whole(byte type, long position, byte[] payload) {
            advance(position - Segment.RECORD_HEADER_BYTES, Segment.RECORD_HEADER_BYTES, new byte[0]);
            advance(position, payload.length, payload);
            whole.add(new Found(type, position, text(payload)));
            try {
                decode(type, payload);
            } catch (IOException e) {
                assertThat(e).hasMessageNotContaining("Exception");
            }
        }

        @Override
        public void damaged(long position, byte[] octets) {
            assertThat(octets).isNotEmpty();
            advance(position, octets.length, octets);
        }

        @Override
        public void torn(long position, byte[] octets) {
            assertThat(octets).isNotEmpty();
            advance(position, 0, new byte[0]);
            torn = true;
            assertThat(Arrays.copyOfRange(segment, (int) at, (int) at + octets.length))
                    .isEqualTo(octets);
            checkZeros((int) at + octets.length);
        }

        private void advance(long position, int length, byte[] octets) {
            assertThat(torn).isFalse();
            assertThat(position).isEqualTo(at);
            at += length;
            if (octets.length > 0) {
                assertThat(Arrays.copyOfRange(segment, (int) position, (int) at))
                        .isEqualTo(octets);
            }
        }

        private void checkZeros(int from) {
            for (int i = from; i < segment.length; i++) {
                assertThat(segment[i]).isZero();
            }
        }

        private void check(long end) {
            assertThat(end).isEqualTo(at);
            if (!torn) {
                checkZeros((int) end);
            }
        }

        private static void decode(byte type, byte[] payload) throws IOException {
            switch (type) {
                case SegmentRecord.MESSAGE -> decodeMessage(MessageRecord.decodeSmall(1, 2, payload), payload);
                case SegmentRecord.LARGE -> decodeMessage(MessageRecord.decodeLarge(1, 2, payload), payload);
                case SegmentRecord.OUTCOME -> {
                    Outcome outcome = Outcome.decode(payload);
                    assertThat(Outcome.decode(octets(outcome.segmentRecord()))).isEqualTo(outcome);
                }
                case SegmentRecord.LEDGER -> {
                    Ledger ledger = Ledger.decode(payload);
                    assertThat(Ledger.decode(octets(ledger.segmentRecord()))).isEqualTo(ledger);
                }
                default -> assertThat(type).isBetween((byte) 0, (byte) 5);
            }
        }

        private static void decodeMessage(IndexEntry entry, byte[] payload) {
            assertThat(entry.location().envelope()).isLessThanOrEqualTo(payload.length);
            if (!entry.location().large()) {
                assertThat(entry.location().size())
                        .isEqualTo(payload.length
                                - MessageRecord.SMALL_BYTES
                                - entry.location().envelope());
            }
        }
    }
}
