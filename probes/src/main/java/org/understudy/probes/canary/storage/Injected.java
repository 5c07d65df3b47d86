package org.understudy.probes.canary.storage;

import java.time.Instant;
import java.util.Optional;
import org.understudy.probes.CanaryState;

/**
 * How the injection of a canary ended.
 *
 * @param offered true if a session came about
 * @param reply the reply that decided, or empty
 * @param queueId under which the exchanger knows it, or empty
 * @param trouble why it was not accepted, or empty
 */
public record Injected(
        CanaryState state,
        String address,
        boolean offered,
        String reply,
        String queueId,
        Optional<Instant> acceptedAt,
        String trouble) {}
