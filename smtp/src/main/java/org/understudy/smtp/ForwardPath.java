package org.understudy.smtp;

import java.util.Optional;

/**
 * The argument of RCPT (RFC 5321 section 4.1.1.3): a mailbox, or {@code postmaster} without a domain (section 4.5.1).
 *
 * <p>Immutable. A source route is dropped on reading (RFC 5321 appendix C).
 *
 * @param localPart as written on the wire
 * @param domain as written on the wire; empty only for {@code <postmaster>}
 */
public record ForwardPath(String localPart, Optional<String> domain) {

    public static ForwardPath of(Mailbox mailbox) {
        return new ForwardPath(mailbox.localPart(), Optional.of(mailbox.domain()));
    }

    /** The domain as a comparable name; empty for {@code <postmaster>} and for an address literal. */
    public Optional<DomainName> domainName() {
        return domain.flatMap(d -> new Mailbox(localPart, d).domainName());
    }

    /** The address without angle brackets. */
    public String address() {
        return domain.map(d -> localPart + "@" + d).orElse(localPart);
    }

    /** With angle brackets, as RCPT wants it. */
    @Override
    public String toString() {
        return "<" + address() + ">";
    }
}
