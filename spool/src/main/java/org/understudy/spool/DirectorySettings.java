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
 * @param calloutTime after which a callout is given up: a sender waits for it
 */
public record DirectorySettings(
        Map<DomainName, RecipientSettings> domains, Predicate<RecipientRequest> canary, Duration calloutTime) {
    /** All recipients of all relay domains are taken. */
    public static final DirectorySettings NONE = new DirectorySettings(Map.of());

    public DirectorySettings {
        domains = Map.copyOf(domains);
    }

    /** Without canaries, and with the time that a callout should have. */
    public DirectorySettings(Map<DomainName, RecipientSettings> domains) {
        this(domains, request -> false, Duration.ofSeconds(10));
    }

    public DirectorySettings withCanary(Predicate<RecipientRequest> recognised) {
        return new DirectorySettings(domains, recognised, calloutTime);
    }
}
