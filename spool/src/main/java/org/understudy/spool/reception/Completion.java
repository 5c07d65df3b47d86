package org.understudy.spool.reception;

import java.util.Optional;
import org.understudy.smtp.Reply;

/**
 * How the reception of one message ended.
 *
 * @param reply to the final dot, or to the last chunk
 * @param receipt what the client has once it read the reply; empty unless that is a 250
 */
record Completion(Reply reply, Optional<Receipt> receipt) {

    static Completion refused(Reply reply) {
        return new Completion(reply, Optional.empty());
    }

    static Completion accepted(Receipt receipt) {
        return new Completion(Replies.queued(receipt.id()), Optional.of(receipt));
    }
}
