package org.understudy.spool.storage;

/** Waiting for a thread's end. Stateless. */
final class Threads {
    private Threads() {}

    /** Waits for the end, whatever happens meanwhile; an interrupt is kept for the caller. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
