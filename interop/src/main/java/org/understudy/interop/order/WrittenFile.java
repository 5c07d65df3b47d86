package org.understudy.interop.order;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.understudy.interop.recording.SystemCall;

/** A file as it grows from write to write, searched for patterns as they become whole, with the syncs of it. */
final class WrittenFile {
    /** SQLite's log: a header, then frames of a header and a page each; see its description of the file format. */
    private static final int LOG_HEADER = 32;

    private static final int FRAME_HEADER = 24;
    private static final int PAGE_SIZE_AT = 8;
    private static final int COMMIT_AT = 4;

    private final boolean isLog;
    private byte[] content = new byte[0];
    private long position;
    private final Map<Pattern, Written> written = new HashMap<>();
    private final Set<Pattern> uncommitted = new HashSet<>();

    WrittenFile(boolean isLog) {
        this.isLog = isLog;
    }

    /**
     * Where something was written.
     *
     * @param end where the last of the writes that it needs had returned
     */
    record Written(int end) {}

    /** A write without an offset: it goes on where the last one ended. */
    void append(SystemCall call, LongFunction<List<Pattern>> patterns) {
        write(call, position, patterns);
        position += call.octets(1).length;
    }

    void write(SystemCall call, long offset, LongFunction<List<Pattern>> patterns) {
        byte[] octets = call.octets(1);
        int from = Math.toIntExact(offset);
        int to = from + octets.length;
        if (to > content.length) {
            content = Arrays.copyOf(content, Math.max(to, 2 * content.length));
        }
        System.arraycopy(octets, 0, content, from, octets.length);
        for (Pattern pattern : find(Math.max(0, from - Long.BYTES + 1), to, patterns)) {
            if (written.putIfAbsent(pattern, new Written(call.end())) == null && isLog) {
                uncommitted.add(pattern);
            }
        }
        if (isLog) {
            commit(call, from, to);
        }
    }

    private Collection<Pattern> find(int from, int to, LongFunction<List<Pattern>> patterns) {
        Set<Pattern> found = new HashSet<>();
        long last = 0;
        for (int i = from; i < to; i++) {
            last = (last << 8) | (content[i] & 0xff);
            if (i >= from + Long.BYTES - 1) {
                found.addAll(patterns.apply(last));
            }
        }
        return found;
    }

    /** What is in the log counts with all that was written up to the page that commits it. */
    private void commit(SystemCall call, int from, int to) {
        uncommitted.forEach(pattern -> written.put(pattern, new Written(call.end())));
        int page = ByteBuffer.wrap(content).getInt(PAGE_SIZE_AT);
        int frame = (to - 1 - LOG_HEADER) / (FRAME_HEADER + page);
        int frameAt = LOG_HEADER + frame * (FRAME_HEADER + page);
        boolean endsFrame = from >= LOG_HEADER && to == frameAt + FRAME_HEADER + page;
        if (endsFrame && ByteBuffer.wrap(content).getInt(frameAt + COMMIT_AT) != 0) {
            uncommitted.clear();
        }
    }

    Map<Pattern, Written> written() {
        return written;
    }
}
