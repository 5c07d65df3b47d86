package org.understudy.smtp;

import java.net.IDN;
import java.util.Locale;

/**
 * A domain name in the one form in which two of them may be compared: lower case, A-labels, no trailing dot.
 *
 * <p>Immutable.
 *
 * @param text the canonical form, for example {@code mx1.example.org}
 */
public record DomainName(String text) implements Comparable<DomainName> {

    private static final int MAX_OCTETS = 253;
    private static final int MAX_LABEL_OCTETS = 63;

    public DomainName {
        if (!isCanonical(text)) {
            throw new IllegalArgumentException("not a canonical domain name: \"" + text + "\"");
        }
    }

    /**
     * Reads a domain name in any case, with or without a trailing dot, in A- or U-labels.
     *
     * @throws IllegalArgumentException if the text is no domain name; the message quotes it
     */
    public static DomainName parse(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (isCanonical(name)) {
            return new DomainName(name);
        }
        try {
            return new DomainName(IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a domain name: \"" + text + "\"", e);
        }
    }

    /** True if this name equals {@code other} or lies below it. */
    public boolean isWithin(DomainName other) {
        return text.equals(other.text) || text.endsWith("." + other.text);
    }

    @Override
    public int compareTo(DomainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isCanonical(String name) {
        // RFC 1035 section 2.3.4
        if (name.isEmpty() || name.length() > MAX_OCTETS) {
            return false;
        }
        int label = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', label)) {
            if (!isLabel(name, label, dot)) {
                return false;
            }
            label = dot + 1;
        }
        return isLabel(name, label, name.length());
    }

    private static boolean isLabel(String name, int from, int to) {
        if (from == to || to - from > MAX_LABEL_OCTETS || name.charAt(from) == '-' || name.charAt(to - 1) == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = name.charAt(i);
            // RFC 1123 section 2.1 has no underscores, but exchangers with them exist and most senders try them.
            boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!known) {
                return false;
            }
        }
        return true;
    }
}
