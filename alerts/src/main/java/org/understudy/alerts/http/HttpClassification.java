package org.understudy.alerts.http;

import java.time.Duration;
import java.util.Optional;
import org.understudy.alerts.DeliveryAttempt;

/** What the status of a failed request means for a delivery. */
public final class HttpClassification {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY_REQUESTS = 429;

    private HttpClassification() {}

    /**
     * Classifies an answer that is no success: 408, 425, 429 and 5xx may pass, and so may what nobody foresaw; a
     * redirect and any other 4xx will not.
     *
     * @param detail for people, without any secret
     */
    public static DeliveryAttempt failure(int status, Optional<Duration> retryAfter, String detail) {
        boolean permanent = status >= 300
                && status < 500
                && status != REQUEST_TIMEOUT
                && status != TOO_EARLY
                && status != TOO_MANY_REQUESTS;
        if (permanent) {
            return DeliveryAttempt.permanent(detail);
        }
        return retryAfter
                .map(wait -> DeliveryAttempt.retryAfter(wait, detail))
                .orElseGet(() -> DeliveryAttempt.retry(detail));
    }
}
