package org.understudy.spool.forwarding;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.QueueId;

/**
 * Messages whose final dot was sent, or is about to be, and whose outcome is not on record yet. It outlives a process that is
 * killed, because it is memory of the system's and not of the process's; after a power cut it says what it can. Thread-safe.
 *
 * <p>A message too many, or a file that cannot be made, is not remembered: then it is sent again at once, as if it had not been
 * sent.
 */
final class InFlight implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** The longest queue id. */
    private static final int SLOT_BYTES = 32;

    private static final int SLOTS = 4096;
    private static final byte[] EMPTY = new byte[SLOT_BYTES];

    private final MappedByteBuffer slots;
    private final Map<QueueId, Integer> taken = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<QueueId> left = new ArrayList<>();

    private InFlight(MappedByteBuffer slots) {
        this.slots = slots;
        for (int slot = 0; slot < SLOTS; slot++) {
            byte[] octets = new byte[SLOT_BYTES];
            slots.get(slot * SLOT_BYTES, octets);
            String text = new String(octets, StandardCharsets.US_ASCII).replace("\0", "");
            if (QueueId.isValid(text)) {
                left.add(new QueueId(text));
            }
            slots.put(slot * SLOT_BYTES, EMPTY);
            free.add(slot);
        }
    }

    /** Reads what an earlier process left, and begins anew. */
    static InFlight open(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, PRIVATE);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return new InFlight(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT_BYTES));
            }
        } catch (IOException e) {
            LOG.warn(
                    "after a crash, what was being handed on is sent again at once: {} cannot be used: {}",
                    file,
                    e.toString());
            return new InFlight((MappedByteBuffer) java.nio.ByteBuffer.allocateDirect(SLOTS * SLOT_BYTES));
        }
    }

    /** Messages that an earlier process had sent, or half sent, when it ended. */
    synchronized List<QueueId> left() {
        return List.copyOf(left);
    }

    /** The final dot is next. */
    synchronized void begin(QueueId id) {
        if (taken.containsKey(id) || free.isEmpty()) {
            return;
        }
        int slot = free.remove();
        byte[] octets = new byte[SLOT_BYTES];
        byte[] text = id.text().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, octets, 0, text.length);
        slots.put(slot * SLOT_BYTES, octets);
        taken.put(id, slot);
    }

    /** What became of it is on record, or nothing did. */
    synchronized void end(QueueId id) {
        Integer slot = taken.remove(id);
        if (slot != null) {
            slots.put(slot * SLOT_BYTES, EMPTY);
            free.add(slot);
        }
    }

    /** Nothing is in flight after an orderly stop. */
    @Override
    public synchronized void close() {
        slots.force();
    }
}
