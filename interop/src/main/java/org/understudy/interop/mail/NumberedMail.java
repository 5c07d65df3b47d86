package org.understudy.interop.mail;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A message that says by its recipients which one it is, so that also an empty one can be told from others. Immutable.
 *
 * @param content as it goes over the wire, without dot-stuffing
 */
public record NumberedMail(int number, int recipients, Content content) {
    public static final String DOMAIN = "proof.test";

    private static final int MOST_PER_LINE = 990;

    /** Octets with their checksum. */
    public static final class Content {
        private final byte[] octets;
        private final String sha256;

        public Content(byte[] octets) {
            this.octets = octets;
            this.sha256 = checksum(octets, 0, octets.length);
        }

        public byte[] octets() {
            return octets;
        }

        public int size() {
            return octets.length;
        }

        public String sha256() {
            return sha256;
        }
    }

    /** Always the same for the same seed, number and size: lines of any octets, some of which begin with dots. */
    public static NumberedMail of(long seed, int number, int recipients, int size) {
        Random random = new Random(seed * 1_000_003 + number);
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        for (int i = 0; i < size; i++) {
            // No NUL, and CR and LF only as the end of a line.
            octets[i] = octets[i] == 0 || octets[i] == '\r' || octets[i] == '\n' ? (byte) '.' : octets[i];
        }
        if (size > 0) {
            // Behind a trace field a space would go on with that field, and nobody could tell where the message began.
            octets[0] = 'x';
        }
        for (int at = 0; at < size; ) {
            int length = Math.min(size - at, 2 + random.nextInt(MOST_PER_LINE));
            if (size - at - length == 1) {
                length++;
            }
            if (length >= 2) {
                octets[at + length - 2] = '\r';
                octets[at + length - 1] = '\n';
            }
            if (length > 2 && random.nextInt(4) == 0) {
                octets[at] = '.';
            }
            at += length;
        }
        return new NumberedMail(number, recipients, new Content(size == 1 ? new byte[0] : octets));
    }

    /** Addresses, each with the number of the message and its own. */
    public List<String> addresses() {
        return IntStream.range(0, recipients)
                .mapToObj(recipient -> "m" + number + "." + recipient + "@" + DOMAIN)
                .toList();
    }

    static String checksum(byte[] octets, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(octets, offset, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
