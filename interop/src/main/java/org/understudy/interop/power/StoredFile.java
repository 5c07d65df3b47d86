package org.understudy.interop.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.recording.SystemCall;

/**
 * A file: what is certain to be on the disk, and the changes that a sync has not covered. A sector of 512 octets is written
 * whole or not at all, sectors in any order; a sector that was changed several times may have stopped at any of its versions.
 */
final class StoredFile implements Node {
    private static final int SECTOR = 512;
    /** SQLite's shared memory is no content: whatever is found in it, the first process to open the index makes it anew. */
    private static final Image NOISE = noise();

    private final boolean isSharedMemory;
    private byte[] durable = new byte[0];
    private int durableLength;
    private final List<Change> pending = new ArrayList<>();
    private @Nullable Image durableImage;

    StoredFile(boolean isSharedMemory) {
        this.isSharedMemory = isSharedMemory;
    }

    private static Image noise() {
        byte[] octets = new byte[32 * 1024];
        new Random(1).nextBytes(octets);
        return Image.of(octets, octets.length);
    }

    /** Octets written at an offset; without octets, the offset is the new length. */
    private static final class Change {
        private final SystemCall call;
        private final int offset;
        private final byte @Nullable [] octets;

        Change(SystemCall call, int offset, byte @Nullable [] octets) {
            this.call = call;
            this.offset = offset;
            this.octets = octets;
        }

        int length(int before) {
            return octets == null ? offset : Math.max(before, offset + octets.length);
        }
    }

    boolean isSharedMemory() {
        return isSharedMemory;
    }

    void write(SystemCall call, long offset, byte[] octets) {
        if (octets.length > 0) {
            pending.add(new Change(call, Math.toIntExact(offset), octets));
        }
    }

    void setLength(SystemCall call, long length) {
        pending.add(new Change(call, Math.toIntExact(length), null));
    }

    /** As processes see it. */
    int length() {
        int length = durableLength;
        for (Change change : pending) {
            length = change.length(length);
        }
        return length;
    }

    /** A sync of this file returned: what had returned before the sync began is certain now. */
    void synced(SystemCall sync) {
        for (Iterator<Change> changes = pending.iterator(); changes.hasNext(); ) {
            Change change = changes.next();
            if (change.call.end() < sync.begin()) {
                apply(change);
                changes.remove();
            }
        }
    }

    private void apply(Change change) {
        durableImage = null;
        int length = change.length(durableLength);
        if (length > durable.length) {
            durable = Arrays.copyOf(durable, Math.max(length, durable.length * 2));
        }
        byte[] octets = change.octets;
        if (octets != null) {
            System.arraycopy(octets, 0, durable, change.offset, octets.length);
        } else if (length < durableLength) {
            Arrays.fill(durable, length, durableLength, (byte) 0);
        }
        durableLength = length;
    }

    Image image(Choice choice) {
        if (isSharedMemory) {
            return NOISE;
        }
        if (!pending.isEmpty()) {
            return torn(choice);
        }
        return durableImage();
    }

    private Image durableImage() {
        Image image = durableImage;
        if (image == null) {
            image = Image.of(Arrays.copyOf(durable, durableLength), durableLength);
            durableImage = image;
        }
        return image;
    }

    private Image torn(Choice choice) {
        int lengthsKept = choice.content(pending.size());
        int length = durableLength;
        int longest = durableLength;
        BitSet touched = new BitSet();
        for (int i = 0; i < pending.size(); i++) {
            Change change = pending.get(i);
            length = i < lengthsKept ? change.length(length) : length;
            longest = Math.max(longest, change.length(longest));
            byte[] octets = change.octets;
            if (octets != null) {
                touched.set(change.offset / SECTOR, (change.offset + octets.length - 1) / SECTOR + 1);
            } else if (i < lengthsKept) {
                touched.set(change.offset / SECTOR, longest / SECTOR + 1);
            }
        }
        byte[] content = Arrays.copyOf(durable, (longest / SECTOR + 1) * SECTOR);
        for (int sector = touched.nextSetBit(0); sector >= 0; sector = touched.nextSetBit(sector + 1)) {
            fill(content, sector * SECTOR, choice, lengthsKept);
        }
        Image durableAsIs = durableImage();
        Image image = Image.of(content, length);
        return image.fingerprint() == durableAsIs.fingerprint() ? durableAsIs : image;
    }

    /** Brings one sector to one of the versions it had since it was synced. */
    private void fill(byte[] content, int from, Choice choice, int lengthsKept) {
        int writes = 0;
        for (Change change : pending) {
            writes += touches(change, from) ? 1 : 0;
        }
        int kept = writes == 0 ? 0 : choice.content(writes);
        for (int i = 0; i < pending.size(); i++) {
            Change change = pending.get(i);
            byte[] octets = change.octets;
            if (octets == null) {
                int cut = Math.max(change.offset, from);
                if (i < lengthsKept && cut < from + SECTOR) {
                    Arrays.fill(content, cut, from + SECTOR, (byte) 0);
                }
            } else if (touches(change, from) && kept > 0) {
                kept--;
                int begin = Math.max(from, change.offset);
                int end = Math.min(from + SECTOR, change.offset + octets.length);
                System.arraycopy(octets, begin - change.offset, content, begin, end - begin);
            }
        }
    }

    private static boolean touches(Change change, int sector) {
        byte[] octets = change.octets;
        return octets != null && change.offset < sector + SECTOR && change.offset + octets.length > sector;
    }
}
