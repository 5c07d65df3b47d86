package org.understudy.probes.smtp;

import java.time.Duration;
import org.understudy.smtp.Reply;

/**
 * One question and its answer.
 *
 * @param topic what it is about
 * @param subject whom or what it names, so that it can be compared with the answer of another server; of a recipient who does not
 *     exist, the one who was made up this time
 * @param reply to the last of its commands that was answered
 * @param took until then
 */
record Asked(Topic topic, String subject, Reply reply, Duration took) {
    Standing standing() {
        return Standing.of(reply);
    }

    boolean isTaken() {
        return standing() == Standing.TAKEN;
    }

    /** True if VRFY was answered: 252 says nothing (RFC 5321 section 3.5.3). */
    boolean isVerified() {
        return topic == Topic.VRFY_KNOWN && (reply.code() == 250 || reply.code() == 251);
    }

    boolean isRefused() {
        return standing() == Standing.REFUSED;
    }
}
