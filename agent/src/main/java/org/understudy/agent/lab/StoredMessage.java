package org.understudy.agent.lab;

import java.time.Instant;
import java.util.List;

/**
 * Envelope and origin of a message that the lab took in. Immutable.
 *
 * @param id sorts by arrival
 * @param reversePath with angle brackets
 * @param parameters of MAIL, as on the wire
 * @param recipients without angle brackets
 * @param client address of the peer
 * @param tlsProtocol empty for plaintext
 * @param size octets, trace fields included
 * @param sha256 of all of it, in hexadecimal
 * @param sha256BelowTrace of what stands below the topmost trace fields, which is what the sender sent if that had none
 */
record StoredMessage(
        String id,
        Instant arrival,
        String reversePath,
        String parameters,
        List<String> recipients,
        String client,
        String heloName,
        String protocol,
        String tlsProtocol,
        long size,
        String sha256,
        String sha256BelowTrace) {
    StoredMessage {
        recipients = List.copyOf(recipients);
    }
}
