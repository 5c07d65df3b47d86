package org.understudy.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says of an I/O error which {@link SmtpFailure.Kind} it is. Stateless; timeouts and our own aborts are told apart before. */
final class IoFailures {

    private IoFailures() {}

    static SmtpFailure.Kind kindOf(SmtpStage stage, IOException e) {
        if (stage == SmtpStage.CONNECT) {
            return ofConnect(e);
        }
        // The JDK wraps a reset of the connection below TLS into an SSLException in some places and not in others.
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException || cause instanceof SocketException) {
                return SmtpFailure.Kind.CLOSED;
            }
        }
        return e instanceof SSLException ? SmtpFailure.Kind.TLS : SmtpFailure.Kind.IO;
    }

    /** One line, never empty, with control characters escaped: some exceptions quote what the peer sent. */
    static String describe(Throwable e) {
        String message = messageOf(e);
        byte[] octets = message.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ServerText.of(octets, 0, octets.length);
    }

    private static String messageOf(Throwable e) {
        @Nullable String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    private static SmtpFailure.Kind ofConnect(IOException e) {
        String message = messageOf(e).toLowerCase(Locale.ROOT);
        if (e instanceof SocketTimeoutException || message.contains("timed out")) {
            return SmtpFailure.Kind.TIMEOUT;
        }
        if (e instanceof NoRouteToHostException || message.contains("unreachable")) {
            return SmtpFailure.Kind.UNREACHABLE;
        }
        if (e instanceof ConnectException && message.contains("refused")) {
            return SmtpFailure.Kind.REFUSED;
        }
        return message.contains("reset") ? SmtpFailure.Kind.CLOSED : SmtpFailure.Kind.IO;
    }
}
