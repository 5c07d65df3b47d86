package org.understudy.probes;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/**
 * Whose mail is looked for in the queue of another server, and what is known of it besides. Immutable, as far as the sight is.
 *
 * @param canaries mailboxes that canaries come from and go to; they are no mail
 * @param retention how long the server keeps mail, if that is known
 * @param sight of the primary from elsewhere than the server
 */
public record QueueScope(DomainName domain, List<Mailbox> canaries, Optional<Duration> retention, PrimarySight sight) {
    public QueueScope {
        canaries = List.copyOf(canaries);
    }

    /** True if an address, as a server lists it, is one of the domain. */
    public boolean has(String address) {
        return names(address.substring(address.lastIndexOf('@') + 1), domain) && address.indexOf('@') >= 0;
    }

    /** True if canaries have the address, with or without a detail behind a {@code +}. */
    public boolean isCanary(String address) {
        int at = address.lastIndexOf('@');
        return at > 0 && canaries.stream().anyMatch(canary -> isCanary(canary, address, at));
    }

    private static boolean isCanary(Mailbox canary, String address, int at) {
        String localPart = address.substring(0, at);
        return (localPart.equals(canary.localPart()) || localPart.startsWith(canary.localPart() + "+"))
                && canary.domainName()
                        .filter(name -> names(address.substring(at + 1), name))
                        .isPresent();
    }

    /** A server may write a name in any case, and in U-labels (RFC 5890 section 2.3.2.1). */
    private static boolean names(String text, DomainName name) {
        if (text.equalsIgnoreCase(name.text())) {
            return true;
        }
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT).equals(name.text() + ".");
        }
        try {
            return DomainName.parse(text).equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
