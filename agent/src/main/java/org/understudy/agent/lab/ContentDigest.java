package org.understudy.agent.lab;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * SHA-256 of a message, once whole and once without the trace fields on top (RFC 5321 section 4.4): those are what relays
 * add, the rest must arrive as it was sent. Confined to one thread.
 */
final class ContentDigest {
    private static final int LONGEST_LINE = 65_536;

    private final MessageDigest whole = sha256();
    private final MessageDigest belowTrace = sha256();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean inTrace = true;
    private boolean traceFieldOpen;
    private long size;

    void update(byte[] octets, int offset, int length) {
        whole.update(octets, offset, length);
        size += length;
        int position = offset;
        int end = offset + length;
        while (inTrace && position < end) {
            byte octet = octets[position++];
            line.write(octet);
            if (octet == '\n' || line.size() >= LONGEST_LINE) {
                endLine();
            }
        }
        belowTrace.update(octets, position, end - position);
    }

    private void endLine() {
        byte[] octets = line.toByteArray();
        String text = new String(octets, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        boolean continuation = traceFieldOpen && (text.startsWith(" ") || text.startsWith("\t"));
        traceFieldOpen = continuation || text.startsWith("received:") || text.startsWith("return-path:");
        if (!traceFieldOpen) {
            inTrace = false;
            belowTrace.update(octets);
        }
        line.reset();
    }

    long size() {
        return size;
    }

    String whole() {
        return HexFormat.of().formatHex(whole.digest());
    }

    /** To be asked once, at the end. */
    String belowTrace() {
        if (inTrace && line.size() > 0) {
            endLine();
        }
        return HexFormat.of().formatHex(belowTrace.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
