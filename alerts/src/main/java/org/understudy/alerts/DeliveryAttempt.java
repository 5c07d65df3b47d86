package org.understudy.alerts;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of one try to deliver a notification.
 *
 * @param detail one line for people, without any secret
 * @param retryAfter the time the channel asked to be left alone
 * @param uncertain the channel may have taken it although the try failed
 */
public record DeliveryAttempt(Outcome outcome, String detail, Optional<Duration> retryAfter, boolean uncertain) {

    /** Doubt is RETRY. */
    public enum Outcome {
        /** Accepted by the channel. */
        OK,
        /** May work later. */
        RETRY,
        /** Will not work until somebody changes something. */
        PERMANENT
    }

    public static DeliveryAttempt ok(String detail) {
        return new DeliveryAttempt(Outcome.OK, detail, Optional.empty(), false);
    }

    /** It certainly did not arrive, and may work later. */
    public static DeliveryAttempt retry(String detail) {
        return new DeliveryAttempt(Outcome.RETRY, detail, Optional.empty(), false);
    }

    /** The same, not before the given time has passed. */
    public static DeliveryAttempt retryAfter(Duration wait, String detail) {
        return new DeliveryAttempt(Outcome.RETRY, detail, Optional.of(wait), false);
    }

    /** It broke where nobody can tell whether it arrived. */
    public static DeliveryAttempt uncertain(String detail) {
        return new DeliveryAttempt(Outcome.RETRY, detail, Optional.empty(), true);
    }

    public static DeliveryAttempt permanent(String detail) {
        return new DeliveryAttempt(Outcome.PERMANENT, detail, Optional.empty(), false);
    }
}
