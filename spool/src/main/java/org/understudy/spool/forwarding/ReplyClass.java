package org.understudy.spool.forwarding;

/** What the end of an attempt says about one unit, and so what is done about it. */
enum ReplyClass {
    /** The next hop is responsible now. */
    ACCEPTED,
    /** Not now, for this message or this recipient. */
    DEFERRED,
    /** Not now, for anybody. */
    BUSY,
    /** In another transaction, at once (RFC 5321 section 4.5.3.1.10). */
    TOO_MANY_RECIPIENTS,
    /** A full mailbox is emptied some day; only much later is it the recipient's fault. */
    MAILBOX_FULL,
    /** 503: client and server disagree about where they are. Nobody's mail is to blame. */
    OUT_OF_STEP,
    /** The final dot was sent and nothing sensible came back: delivered or not, nobody here can know (RFC 1047). */
    AMBIGUOUS,
    /** Refused for good, because of the recipient; believed when it is said a second time. */
    RECIPIENT,
    /** Refused for good, because of the message. */
    CONTENT,
    /** Refused for good, because of the sender. */
    SENDER,
    /** Refused for good, because of the host that brought the message to us, which the next hop knows by XCLIENT. */
    CLIENT,
    /** Refused for good, because of the way between the two hosts: a fault of configuration, of which no message is guilty. */
    PATH,
    /** Refused for good before the next hop had taken anything: not believed. */
    DOUBTED;

    /** True if the message, its sender or its recipient is said to be at fault. */
    boolean blamesMail() {
        return this == RECIPIENT || this == CONTENT || this == SENDER || this == CLIENT;
    }
}
