package org.understudy.spool.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * What became of a message, as a record of a segment, so that an index rebuilt from the segments does not send again what was
 * settled.
 *
 * @param firstCopy first segment in which a copy of the message may stand
 * @param lastCopy last one; beyond these two the outcome is of no use to anybody
 */
record Outcome(QueueId id, Kind kind, long firstCopy, long lastCopy, List<UnitChange> units) {
    /** What an outcome says. */
    enum Kind {
        /** Units were settled, set aside or released. */
        SETTLED(1),
        /** The message was never acknowledged and must not be forwarded. */
        ABANDONED(2),
        /** As settled, but said and counted before: the segment that said it first was emptied. */
        CARRIED(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("not an outcome: kind " + code);
        }
    }

    static Outcome settled(QueueId id, List<UnitChange> units) {
        return new Outcome(id, Kind.SETTLED, 0, 0, units);
    }

    static Outcome abandoned(QueueId id, long firstCopy, long lastCopy) {
        return new Outcome(id, Kind.ABANDONED, firstCopy, lastCopy, List.of());
    }

    /** The same, now that it is known where copies of the message may stand. */
    Outcome withCopies(long first, long last) {
        return new Outcome(id, kind, first, last, units);
    }

    /** The same for another segment than the one that said it first. */
    Outcome carried() {
        return kind == Kind.SETTLED ? new Outcome(id, Kind.CARRIED, firstCopy, lastCopy, units) : this;
    }

    /** The same without what was not the last word on a unit. */
    Outcome ends() {
        List<UnitChange> last =
                units.stream().filter(unit -> unit.state().isTerminal()).toList();
        return new Outcome(id, kind, firstCopy, lastCopy, last);
    }

    SegmentRecord segmentRecord() {
        return SegmentRecord.of(SegmentRecord.OUTCOME, encode());
    }

    private byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(id.text());
            out.writeByte(kind.code);
            out.writeLong(firstCopy);
            out.writeLong(lastCopy);
            out.writeInt(units.size());
            for (UnitChange unit : units) {
                out.writeInt(unit.number());
                out.writeUTF(unit.state().name());
                writeText(out, unit.reply());
                writeText(out, unit.remoteId());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** A next hop's reply may be longer than writeUTF can take. */
    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(octets.length);
        out.write(octets);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " octets");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** @throws IOException if the octets are no outcome */
    static Outcome decode(byte[] octets) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            QueueId id = new QueueId(in.readUTF());
            Kind kind = Kind.of(in.readUnsignedByte());
            long firstCopy = in.readLong();
            long lastCopy = in.readLong();
            int count = in.readInt();
            List<UnitChange> units = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                units.add(new UnitChange(
                        in.readInt(), UnitState.valueOf(in.readUTF()), Instant.EPOCH, readText(in), readText(in)));
            }
            return new Outcome(id, kind, firstCopy, lastCopy, units);
        } catch (IllegalArgumentException e) {
            throw new IOException("not an outcome: " + e.getMessage(), e);
        }
    }
}
