package org.understudy.alerts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an alert is about; the same trouble has the same key for ever.
 *
 * @param domain mail domain, or empty if it is about the agent itself
 * @param check kebab-case id of what is wrong, for example {@code primary-unreachable}
 * @param subject what it is about within the domain: a host, an address, a name server; may be empty
 */
public record AlertKey(String domain, String check, String subject) {
    private static final int FINGERPRINT_BYTES = 8;

    public AlertKey {
        if (check.isBlank()) {
            throw new IllegalArgumentException("An alert key needs a check.");
        }
    }

    /** 16 hexadecimal digits made from the key; the same on every machine and in every version. */
    public String fingerprint() {
        // The lengths keep ("a", "bc") apart from ("ab", "c").
        String canonical = domain.length() + ":" + domain + "/" + check.length() + ":" + check + "/" + subject;
        byte[] digest = sha256().digest(canonical.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    }

    /** Name under which other systems merge what is sent about this alert. */
    public String dedupKey() {
        return "understudy/" + fingerprint();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
