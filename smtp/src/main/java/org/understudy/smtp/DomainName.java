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
    private static final String LABEL_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_";

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
        for (String label : name.split("\\.", -1)) {
            if (!isLabel(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL_OCTETS || label.startsWith("-") || label.endsWith("-")) {
            return false;
        }
        // Underscores are no part of RFC 1123 section 2.1, but exchangers with them exist and most senders try them.
        return label.chars().allMatch(c -> LABEL_CHARACTERS.indexOf(c) >= 0);
    }
}
