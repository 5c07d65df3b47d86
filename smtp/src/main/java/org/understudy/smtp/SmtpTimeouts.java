package org.understudy.smtp;

import java.time.Duration;

/**
 * How long a client waits at each step (RFC 5321 section 4.5.3.2).
 *
 * @param connect TCP connect
 * @param greeting for the 220
 * @param ehlo for the reply to EHLO or HELO
 * @param tls for the whole handshake
 * @param mail for the reply to MAIL
 * @param rcpt for the reply to each RCPT
 * @param dataCommand for the 354
 * @param dataBlock for each write of content
 * @param finalDot for the reply to the final dot; a short one makes duplicates
 * @param quit for the replies to RSET and QUIT
 */
public record SmtpTimeouts(
        Duration connect,
        Duration greeting,
        Duration ehlo,
        Duration tls,
        Duration mail,
        Duration rcpt,
        Duration dataCommand,
        Duration dataBlock,
        Duration finalDot,
        Duration quit) {

    /** The same at each step. */
    public static SmtpTimeouts all(Duration time) {
        return new SmtpTimeouts(time, time, time, time, time, time, time, time, time, time);
    }

    /** For forwarding real mail: never shorter than RFC 5321 section 4.5.3.2 asks, except to connect. */
    public static SmtpTimeouts forwarding() {
        return new SmtpTimeouts(
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5));
    }

    /** For probes: impatient where nothing can be lost, 10 minutes for the final dot all the same. */
    public static SmtpTimeouts probing() {
        return new SmtpTimeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5));
    }

    /** The same with another wait for the TCP connection. */
    public SmtpTimeouts withConnect(Duration other) {
        return new SmtpTimeouts(other, greeting, ehlo, tls, mail, rcpt, dataCommand, dataBlock, finalDot, quit);
    }
}
