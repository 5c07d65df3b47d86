package org.understudy.alerts;

import java.time.Clock;
import org.understudy.alerts.email.EmailChannel;
import org.understudy.alerts.slack.SlackChannel;

/** Makes the channels that come with the library. */
public final class Channels {

    private Channels() {}

    public static NotificationChannel slack(SlackSettings settings, Clock clock) {
        return new SlackChannel(settings, clock);
    }

    public static NotificationChannel email(EmailSettings settings) {
        return new EmailChannel(settings);
    }
}
