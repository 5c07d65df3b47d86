package org.understudy.spool;

import java.util.Optional;

/**
 * A message in the spool, as far as it can be read.
 *
 * @param size octets of content, as the index says
 * @param message with envelope and units; empty if the envelope cannot be read
 * @param damage why not; empty text if it can
 */
public record FoundMessage(QueueId id, long size, Optional<QueuedMessage> message, String damage) {}
