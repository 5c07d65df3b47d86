package org.understudy.smtp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Result of {@link SmtpSession#open}: exactly one of session and failure is present.
 *
 * @param session ready for MAIL
 * @param failure why there is none
 * @param greeting the greeting, if one was read
 * @param inClear what the EHLO before STARTTLS offered; the same as the capabilities if there was no TLS
 * @param capabilities what the last EHLO offered, {@link Capabilities#NONE} if it never came to that
 * @param tls the TLS layer, if a handshake succeeded
 * @param localAddress our end of the connection, if there was one
 * @param transcript all that was said until now
 */
public record SessionOpening(
        Optional<SmtpSession> session,
        Optional<SmtpFailure> failure,
        Optional<Reply> greeting,
        Capabilities inClear,
        Capabilities capabilities,
        Optional<TlsDetails> tls,
        Optional<InetAddress> localAddress,
        Transcript transcript) {}
