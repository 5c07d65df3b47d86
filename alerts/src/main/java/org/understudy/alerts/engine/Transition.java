package org.understudy.alerts.engine;

import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.NotifyReason;

/**
 * What a report does to an alert.
 *
 * @param alert as it is now; empty if it vanished before anybody was told
 * @param reason why people are to be told; empty if they are not
 */
record Transition(Optional<Alert> alert, Optional<NotifyReason> reason) {

    static Transition vanished() {
        return new Transition(Optional.empty(), Optional.empty());
    }

    static Transition silent(Alert alert) {
        return new Transition(Optional.of(alert), Optional.empty());
    }

    static Transition told(Alert alert, NotifyReason reason) {
        return new Transition(Optional.of(alert), Optional.of(reason));
    }
}
