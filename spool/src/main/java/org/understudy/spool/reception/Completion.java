package org.understudy.spool.reception;

import java.util.Optional;
import org.understudy.smtp.Reply;

/**
 * What came of content.
 *
 * @param reply to the final dot, or to a chunk
 * @param ends true if the message is whole or refused with it, and the transaction over
 * @param receipt what the client has once it read the reply; empty unless that is a 250 for the message
 */
record Completion(Reply reply, boolean ends, Optional<Receipt> receipt) {
    /** Of a chunk that is not the last; or the transaction has ended already. */
    static Completion goesOn(Reply reply) {
        return new Completion(reply, false, Optional.empty());
    }

    static Completion refused(Reply reply) {
        return new Completion(reply, true, Optional.empty());
    }

    static Completion accepted(Receipt receipt) {
        return new Completion(Replies.queued(receipt.id()), true, Optional.of(receipt));
    }
}
