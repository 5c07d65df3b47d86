package org.understudy.smtp;

import java.util.Optional;

/**
 * A mailbox address, {@code local-part@domain} (RFC 5321 section 4.1.2).
 *
 * <p>Immutable. The local part keeps the octets it came with, quotes included: only the final host may interpret it (RFC
 * 5321 section 2.3.11). Two mailboxes are equal if their local parts are the same to the letter and their domains are equal.
 *
 * @param localPart as written on the wire, for example {@code Jo.Doe} or {@code "jo doe"}
 * @param domain the part after the {@code @} as written on the wire: a domain name or an address literal in brackets
 */
public record Mailbox(String localPart, String domain) {

    /**
     * Reads a mailbox as it stands between the angle brackets of a command.
     *
     * @throws SmtpSyntaxException if it does not follow the grammar of RFC 5321 section 4.1.2
     */
    public static Mailbox parse(String text) throws SmtpSyntaxException {
        return AddressParser.mailbox(text);
    }

    /** The domain as a comparable name; empty for an address literal. */
    public Optional<DomainName> domainName() {
        return domain.startsWith("[") ? Optional.empty() : Optional.of(DomainName.parse(domain));
    }

    /** True if an octet outside US-ASCII occurs, so that only SMTPUTF8 can carry it (RFC 6531 section 3.2). */
    public boolean isInternationalized() {
        return !(localPart + domain).chars().allMatch(c -> c < 0x80);
    }

    /** The form that goes between angle brackets. */
    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
