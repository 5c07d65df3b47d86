package org.understudy.spool.reception;

import java.io.IOException;
import org.understudy.smtp.Reply;

/** We end the session here, with a last word. */
final class SessionEndException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    SessionEndException(Reply reply) {
        super(reply.toString(), null);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
