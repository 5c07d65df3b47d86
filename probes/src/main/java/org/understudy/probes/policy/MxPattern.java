package org.understudy.probes.policy;

import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * Which exchangers a line of an MTA-STS policy allows (RFC 8461 section 4.1): one host, or with {@code *.} in front every
 * host that has exactly one label more.
 */
record MxPattern(boolean wildcard, DomainName name) {

    /** Reads one; empty if it is none. Never throws. */
    static Optional<MxPattern> parse(String text) {
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        // U-labels match no exchanger: senders compare with what is in DNS.
        if (name.endsWith(".") || name.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MxPattern(wildcard, new DomainName(name.toLowerCase(Locale.ROOT))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean matches(DomainName host) {
        if (!wildcard) {
            return host.equals(name);
        }
        int dot = host.text().indexOf('.');
        return dot > 0 && host.text().substring(dot + 1).equals(name.text());
    }

    /** As it stands in a policy. */
    String text() {
        return wildcard ? "*." + name : name.text();
    }
}
