package org.understudy.spool;

/**
 * Whether the store takes mail.
 *
 * @param accepting true if a commit would be tried now
 * @param detail one sentence for an operator: why not, or {@code "ok"}
 */
public record StoreHealth(boolean accepting, String detail) {}
