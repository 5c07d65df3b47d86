package org.understudy.spool.storage;

/** What findings tell people to do. */
final class Remedies {
    static final String REBUILD =
            "Stop the agent, move index.db, index.db-wal and index.db-shm elsewhere and start it: the index"
                    + " is made anew from the segments. Mail handed on just before may go a second time.";
    static final String DISK =
            "Look into the kernel's log and at the disk; copy the spool to a sound one before anything else.";
    static final String LOST =
            "Save what is left of it with 'spool export', restore the file from a copy, or ask the sender to send again.";
    static final String LEFTOVER = "Nothing is to be done: the next start of the agent removes it.";

    private Remedies() {}
}
