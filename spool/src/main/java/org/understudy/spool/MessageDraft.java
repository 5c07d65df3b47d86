package org.understudy.spool;

/**
 * A message on its way in. Confined to one thread. Must end in {@link #commit()} or {@link #discard()}; nothing of it is
 * kept otherwise.
 */
public interface MessageDraft {

    /** The id the message will have. */
    QueueId id();

    /**
     * Appends content octets, not dot-stuffed. Memory used does not grow with the length of the content. A failure to write
     * is remembered and reported by {@link #commit()}.
     */
    void write(byte[] octets, int offset, int length);

    /** Makes content and envelope durable; returns when they are, or when it is certain that nothing was kept. */
    CommitResult commit();

    /** Forgets the message. Does nothing after {@link #commit()}. */
    void discard();
}
