package org.understudy.alerts.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * How a channel did.
 *
 * @param failingSince first failure after the last success
 * @param broken it refused something for good since the last success
 * @param notBefore the channel is to be left alone until then
 */
public record ChannelRow(
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        String lastError,
        Optional<Instant> failingSince,
        boolean broken,
        Optional<Instant> notBefore) {

    static ChannelRow unknown() {
        return new ChannelRow(Optional.empty(), Optional.empty(), "", Optional.empty(), false, Optional.empty());
    }
}
