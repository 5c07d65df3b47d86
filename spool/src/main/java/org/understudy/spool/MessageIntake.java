package org.understudy.spool;

import org.understudy.smtp.Envelope;

/** Where received messages go. Thread-safe. */
@FunctionalInterface
public interface MessageIntake {

    /**
     * Opens a draft for one message; never blocks for long and never throws for lack of space: that is the result of
     * {@link MessageDraft#commit()}.
     */
    MessageDraft begin(Envelope envelope, Origin origin);
}
