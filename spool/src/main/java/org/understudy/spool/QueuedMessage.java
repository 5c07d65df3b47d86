package org.understudy.spool;

import java.util.List;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ReversePath;

/**
 * A stored message with those of its units that were asked for.
 *
 * @param size octets of content, our trace field included
 */
public record QueuedMessage(
        QueueId id, Origin origin, long size, ReversePath reversePath, EsmtpParameters parameters, List<Unit> units) {
    public QueuedMessage {
        units = List.copyOf(units);
    }
}
