package org.understudy.probes.canary;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** Makes ULIDs: 48 bits of milliseconds and 80 random bits in 26 letters, so that they sort by time. Thread-safe. */
final class Ulids {
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int LETTERS = 26;
    private static final int RANDOM_BYTES = 10;

    private final Clock clock;
    private final RandomGenerator random = new SecureRandom();

    Ulids(Clock clock) {
        this.clock = clock;
    }

    String next() {
        byte[] tail = new byte[RANDOM_BYTES];
        random.nextBytes(tail);
        BigInteger bits =
                BigInteger.valueOf(clock.millis()).shiftLeft(8 * RANDOM_BYTES).or(new BigInteger(1, tail));
        char[] letters = new char[LETTERS];
        for (int i = LETTERS - 1; i >= 0; i--) {
            letters[i] = ALPHABET[bits.intValue() & 31];
            bits = bits.shiftRight(5);
        }
        return new String(letters);
    }
}
