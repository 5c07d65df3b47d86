package org.understudy.spool.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitState;

/**
 * What became of a message, as a record of a segment, so that an index rebuilt from the segments does not send again what was
 * settled.
 *
 * @param abandoned true if the message was never acknowledged and must not be forwarded
 */
record Outcome(QueueId id, boolean abandoned, List<Settled> units) {

    /** One unit that was settled or set aside. */
    record Settled(int number, UnitState state, String reply) {}

    static Outcome abandon(QueueId id) {
        return new Outcome(id, true, List.of());
    }

    byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(id.text());
            out.writeBoolean(abandoned);
            out.writeInt(units.size());
            for (Settled unit : units) {
                out.writeInt(unit.number());
                out.writeUTF(unit.state().name());
                out.writeUTF(unit.reply());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** @throws IOException if the octets are no outcome */
    static Outcome decode(byte[] octets) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            QueueId id = new QueueId(in.readUTF());
            boolean abandoned = in.readBoolean();
            int count = in.readInt();
            List<Settled> units = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                units.add(new Settled(in.readInt(), UnitState.valueOf(in.readUTF()), in.readUTF()));
            }
            return new Outcome(id, abandoned, units);
        } catch (IllegalArgumentException e) {
            throw new IOException("not an outcome: " + e.getMessage(), e);
        }
    }
}
