package org.understudy.probes.canary;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes marks and knows its own again. Thread-safe. */
public final class CanarySigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int TOKEN_LETTERS = 20;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final SecretKeySpec key;
    private final Clock clock;
    private final Ulids ulids;

    public CanarySigner(byte[] key, Clock clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
        this.ulids = new Ulids(clock);
    }

    CanaryMark mark(String path) {
        String id = ulids.next();
        Instant created = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new CanaryMark(id, path, created, token(id, path, created));
    }

    /** A mark of a sample. */
    public SampleMark sample(String what) {
        return SampleMark.of(mark(SampleMark.PREFIX + what));
    }

    /** True if this key signed exactly these values, for a sample. */
    boolean isOurs(SampleMark mark) {
        return isOurs(mark.mark());
    }

    /** True if this key signed exactly these values. */
    boolean isOurs(CanaryMark mark) {
        return MessageDigest.isEqual(
                token(mark.id(), mark.path(), mark.createdAt()).getBytes(StandardCharsets.UTF_8),
                mark.token().getBytes(StandardCharsets.UTF_8));
    }

    private String token(String id, String path, Instant created) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return base32(mac.doFinal((id + "|" + path + "|" + created).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " belongs to every Java runtime", e);
        }
    }

    // RFC 4648 section 6, without padding
    private static String base32(byte[] octets) {
        StringBuilder letters = new StringBuilder();
        for (int bit = 0; letters.length() < TOKEN_LETTERS; bit += 5) {
            int window = (octets[bit / 8] & 0xff) << 8 | (octets[bit / 8 + 1] & 0xff);
            letters.append(BASE32.charAt(window >> (11 - bit % 8) & 31));
        }
        return letters.toString();
    }
}
