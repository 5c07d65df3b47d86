package org.understudy.alerts.message;

import java.util.Locale;
import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Signal;

/** Puts a notification into words. Pure. */
public final class MessageComposer {

    private MessageComposer() {}

    public static Message compose(Notification notification) {
        Alert alert = notification.alert();
        Signal signal = alert.signal();
        boolean resolved = notification.reason() == NotifyReason.RESOLVED;
        return new Message(
                headline(notification.reason(), alert, notification),
                title(alert, notification.agent()),
                lead(notification),
                alert.severity(),
                resolved || notification.reason() == NotifyReason.TEST,
                alert.since(),
                alert.resolvedAt(),
                Spans.brief(alert.lasted(notification.at())),
                resolved && !signal.impact().isEmpty() ? "While it lasted: " + signal.impact() : signal.impact(),
                resolved ? "" : signal.instruction(),
                signal.evidence(),
                signal.link(),
                "alert " + alert.key().fingerprint() + " · agent " + notification.agent());
    }

    private static String headline(NotifyReason reason, Alert alert, Notification notification) {
        String title = title(alert, notification.agent());
        String lasted = Spans.brief(alert.lasted(notification.at()));
        String severity = "[" + alert.severity().name() + "] ";
        return oneLine(
                switch (reason) {
                    case FIRST, ESCALATED -> severity + title;
                    case REPEAT -> severity + title + " (for " + lasted + ")";
                    case RESOLVED -> "[RESOLVED] " + title + " (lasted " + lasted + ")";
                    case TEST -> "[TEST] " + title;
                });
    }

    private static String title(Alert alert, String agent) {
        String domain = alert.key().domain();
        return oneLine(
                (domain.isEmpty() ? agent : domain) + ": " + alert.signal().title());
    }

    private static String lead(Notification notification) {
        Alert alert = notification.alert();
        String summary = alert.signal().summary();
        return switch (notification.reason()) {
            case FIRST, TEST -> summary;
            case ESCALATED -> "It got worse and is now " + word(alert) + ". " + summary;
            case REPEAT -> "Still so after " + Spans.brief(alert.lasted(notification.at())) + ". " + summary;
            case RESOLVED -> ending(notification) + " It was: " + summary;
        };
    }

    private static String ending(Notification notification) {
        Alert alert = notification.alert();
        String span = "It lasted " + Spans.brief(alert.lasted(notification.at())) + ", from " + Spans.utc(alert.since())
                + " to " + Spans.utc(alert.resolvedAt().orElse(notification.at())) + ".";
        String untold = notification.sequence() == 0 ? " This channel could not be told while it lasted." : "";
        String closing = Optional.of(alert.closing())
                .filter(text -> !text.isEmpty())
                .map(text -> text + " ")
                .orElse("");
        return closing + span + untold;
    }

    private static String word(Alert alert) {
        return alert.severity().name().toLowerCase(Locale.ROOT);
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }
}
