package org.understudy.spool;

/** What became of a draft. */
public enum CommitResult {
    /** Envelope and content are on stable storage and will be forwarded: answer 250. */
    STORED,
    /** Storage is at its reserve; nothing was kept: answer 452 4.3.1. */
    NO_SPACE,
    /** Storage failed; nothing was kept: answer 451 4.3.0. */
    FAILED,
    /** A filter has something against it, and its primary is up to be asked; nothing was kept: answer 451 4.7.1. */
    SUSPICIOUS
}
