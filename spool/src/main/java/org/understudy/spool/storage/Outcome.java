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
 * @param abandoned true if the message was never acknowledged and must not be forwarded
 */
record Outcome(QueueId id, boolean abandoned, List<UnitChange> units) {

    static Outcome abandon(QueueId id) {
        return new Outcome(id, true, List.of());
    }

    SegmentRecord segmentRecord() {
        return SegmentRecord.of(SegmentRecord.OUTCOME, encode());
    }

    private byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(id.text());
            out.writeBoolean(abandoned);
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
            boolean abandoned = in.readBoolean();
            int count = in.readInt();
            List<UnitChange> units = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                units.add(new UnitChange(
                        in.readInt(), UnitState.valueOf(in.readUTF()), Instant.EPOCH, readText(in), readText(in)));
            }
            return new Outcome(id, abandoned, units);
        } catch (IllegalArgumentException e) {
            throw new IOException("not an outcome: " + e.getMessage(), e);
        }
    }
}
