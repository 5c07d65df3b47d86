package org.understudy.probes.dns;

/**
 * Which certificate or key a server is to present (RFC 6698 section 2.1).
 *
 * @param usage 0 to 3 where it is known: how the certificate is used
 * @param selector 0 for the certificate, 1 for its key
 * @param matching 0 for all of it, 1 for its SHA-256, 2 for its SHA-512
 * @param association in hexadecimal digits of lower case
 */
public record TlsaRecord(int usage, int selector, int matching, String association) {

    /** As in a zone file. */
    @Override
    public String toString() {
        return usage + " " + selector + " " + matching + " " + association;
    }
}
