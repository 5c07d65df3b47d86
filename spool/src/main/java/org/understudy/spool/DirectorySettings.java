package org.understudy.spool;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.understudy.smtp.DomainName;

/**
 * Which recipients are taken, by domain.
 *
 * @param domains of a domain that is not in it, all recipients are taken
 * @param canary recognises a recipient of a canary, which is never put off; asked by any thread, and fast
 * @param senders who says whether a sender is authentic
 * @param calloutTime after which a callout or the check of a sender is given up: a sender waits for it
 */
public record DirectorySettings(
        Map<DomainName, RecipientSettings> domains,
        Predicate<RecipientRequest> canary,
        SenderAuthentication senders,
        Duration calloutTime) {
    /** All recipients of all relay domains are taken. */
    public static final DirectorySettings NONE = new DirectorySettings(Map.of());

    public DirectorySettings {
        domains = Map.copyOf(domains);
    }

    /** Without canaries and checks of senders, and with the time that a callout should have. */
    public DirectorySettings(Map<DomainName, RecipientSettings> domains) {
        this(domains, request -> false, SenderAuthentication.NOBODY, Duration.ofSeconds(10));
    }

    public DirectorySettings withCanary(Predicate<RecipientRequest> recognised) {
        return new DirectorySettings(domains, recognised, senders, calloutTime);
    }

    public DirectorySettings withSenders(SenderAuthentication authentication) {
        return new DirectorySettings(domains, canary, authentication, calloutTime);
    }
}
