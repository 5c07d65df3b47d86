package org.understudy.smtp;

import java.util.Optional;

/**
 * Why a session or a transaction did not go on.
 *
 * <p>Immutable.
 *
 * @param stage where it happened
 * @param kind what happened
 * @param reply the server's words, if kind is {@link Kind#REPLY}, or {@link Kind#TLS} and STARTTLS was refused
 * @param detail one line for people and logs, without secrets
 */
public record SmtpFailure(SmtpStage stage, Kind kind, Optional<Reply> reply, String detail) {

    /** What happened. */
    public enum Kind {
        /** The connection was refused (RST to SYN). */
        REFUSED,
        /** No route to host or network. */
        UNREACHABLE,
        /** One step took longer than its own timeout. */
        TIMEOUT,
        /** The deadline of the whole session passed. */
        DEADLINE,
        /** The server closed or reset the connection. */
        CLOSED,
        /** The server answered with a 4yz or 5yz reply. */
        REPLY,
        /** The server sent something that is no SMTP reply, or too much of it. */
        PROTOCOL,
        /** TLS was refused, was not offered though required, the handshake failed, or the certificate is not the right one. */
        TLS,
        /**
         * The server lacks an extension that the message cannot do without (SMTPUTF8, RFC 6531 section 3.2). Nothing was
         * sent; another server may take it.
         */
        UNSUPPORTED,
        /**
         * Our own side failed: the content could not be read or contains a bare CR or LF, or the observer threw. Nothing is
         * known against the server.
         */
        CONTENT,
        /** Any other I/O error. */
        IO
    }

    public static SmtpFailure of(SmtpStage stage, Kind kind, String detail) {
        return new SmtpFailure(stage, kind, Optional.empty(), detail);
    }

    public static SmtpFailure of(SmtpStage stage, Reply reply) {
        return new SmtpFailure(stage, Kind.REPLY, Optional.of(reply), reply.toString());
    }

    /** With the server's words to it. */
    SmtpFailure withReply(Reply words) {
        return new SmtpFailure(stage, kind, Optional.of(words), detail + ": " + words);
    }

    /** {@code CONNECT: connection refused}. */
    @Override
    public String toString() {
        return stage + ": " + detail;
    }
}
