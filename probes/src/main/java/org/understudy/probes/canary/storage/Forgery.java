package org.understudy.probes.canary.storage;

import java.time.Instant;

/**
 * Something that looks like a canary and is none of ours.
 *
 * @param mark identity, so that it is counted once
 * @param path that it claims, as it stands there
 */
public record Forgery(String mark, String mailbox, String path, String reason, Instant notedAt) {}
