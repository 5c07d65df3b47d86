package org.understudy.spool.reception;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeSet;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Recipient;

/**
 * Names a message as it came: who sent it from which network to whom, and every octet of it. Half of a SHA-256, which nobody
 * meets by chance.
 */
record Fingerprint(long high, long low) {
    // A sender may come back from another of its addresses.
    private static final int IPV4_NETWORK_OCTETS = 3;
    private static final int IPV6_NETWORK_OCTETS = 8;

    /** @param content digest of the content without our trace field */
    static Fingerprint of(InetAddress client, Envelope envelope, byte[] content) {
        MessageDigest digest = sha256();
        digest.update(
                client.getAddress(), 0, client instanceof Inet4Address ? IPV4_NETWORK_OCTETS : IPV6_NETWORK_OCTETS);
        add(digest, envelope.reversePath().toString());
        TreeSet<String> recipients = new TreeSet<>();
        for (Recipient recipient : envelope.recipients()) {
            recipients.add(recipient.path().toString());
        }
        recipients.forEach(recipient -> add(digest, recipient));
        ByteBuffer sum = ByteBuffer.wrap(digest.digest(content));
        return new Fingerprint(sum.getLong(), sum.getLong());
    }

    /** NUL is no part of an address, so that two cannot be taken for one. */
    private static void add(MessageDigest digest, String address) {
        digest.update(address.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
