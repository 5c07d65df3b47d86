package org.understudy.spool.reception;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Buffers for sessions that have content in hand, lent for that time only. Thread-safe. */
final class ContentBuffers {
    /** The JDK keeps as much again outside the heap for each thread that has read so much. */
    static final int SIZE = 16 * 1024;

    private static final int KEPT = 64;

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(KEPT);

    byte[] take() {
        byte[] buffer = free.poll();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    /** True if it is kept for the next session; there may be enough already. */
    boolean giveBack(byte[] buffer) {
        return free.offer(buffer);
    }
}
