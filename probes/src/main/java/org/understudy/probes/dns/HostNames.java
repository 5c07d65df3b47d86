package org.understudy.probes.dns;

import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.smtp.DomainName;

/** What can be wrong with the name of an exchanger. */
final class HostNames {
    private static final Pattern IPV4 = Pattern.compile("\\[?\\d{1,3}(\\.\\d{1,3}){3}\\]?");
    private static final Pattern IPV6 = Pattern.compile("\\[?(ipv6:)?[0-9a-f]*:[0-9a-f:.]+\\]?");
    /** Letters, digits and hyphens, not at an end (RFC 1123 section 2.1). */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private HostNames() {}

    /**
     * True if the name is an address, also if the zone was appended to it because a dot was forgotten.
     *
     * @param target lower case, without trailing dot
     */
    static boolean isAddress(String target, DomainName zone) {
        String suffix = "." + zone;
        String bare = target.endsWith(suffix) ? target.substring(0, target.length() - suffix.length()) : target;
        return IPV4.matcher(bare).matches() || IPV6.matcher(bare).matches();
    }

    /**
     * What keeps a name from being one that every sender takes.
     *
     * @param target lower case, without trailing dot, as in a zone file
     */
    static Optional<String> objection(String target, DomainName zone) {
        if (target.endsWith("." + zone + "." + zone)) {
            return Optional.of("ends in the zone twice: the dot at its end was forgotten");
        }
        for (String label : target.split("(?<!\\\\)\\.", -1)) {
            if (label.length() > 63) {
                return Optional.of("has a part of more than 63 octets");
            }
            if (!LABEL.matcher(label).matches()) {
                return Optional.of("has the part \"" + label + "\", which is not of letters, digits and hyphens");
            }
        }
        return Optional.empty();
    }
}
