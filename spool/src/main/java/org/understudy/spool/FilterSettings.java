package org.understudy.spool;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.understudy.smtp.Network;

/**
 * Who is asked about a message before it is taken. What looks suspicious is put off while the primary is up, and taken with a
 * mark while it is not: a backup refuses no mail for good that the primary might have taken.
 *
 * @param rspamd where its normal worker listens
 * @param listings by which the client is looked up
 * @param time for all of it; a filter that has not answered by then has no opinion
 * @param largestBytes the largest message that is looked into
 * @param exempt clients whose mail is not looked at
 * @param samples recognises what is looked at although it is for a recipient of canaries; asked by any thread, and fast
 */
public record FilterSettings(
        Optional<URI> rspamd,
        Optional<ClientListings> listings,
        Duration time,
        long largestBytes,
        List<Network> exempt,
        Predicate<RecipientRequest> samples) {
    /** Nobody is asked. */
    public static final FilterSettings NONE = new FilterSettings(
            Optional.empty(), Optional.empty(), Duration.ofSeconds(10), 10L * 1024 * 1024, List.of());

    /** Of a spool that gets no samples. */
    public FilterSettings(
            Optional<URI> rspamd,
            Optional<ClientListings> listings,
            Duration time,
            long largestBytes,
            List<Network> exempt) {
        this(rspamd, listings, time, largestBytes, exempt, request -> false);
    }

    public FilterSettings {
        exempt = List.copyOf(exempt);
    }

    /** True if anybody is asked. */
    public boolean isActive() {
        return rspamd.isPresent() || listings.isPresent();
    }

    public FilterSettings withListings(ClientListings lists) {
        return new FilterSettings(rspamd, Optional.of(lists), time, largestBytes, exempt, samples);
    }

    public FilterSettings withSamples(Predicate<RecipientRequest> recognised) {
        return new FilterSettings(rspamd, listings, time, largestBytes, exempt, recognised);
    }
}
