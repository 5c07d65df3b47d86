package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.self.AlertPathSelfCheck.AlertPath;
import org.understudy.alerts.Channels;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.SlackSettings;

/** Who is told, and how. */
public record AlertsSection(
        @Valid @JsonPropertyDescription("Slack incoming webhooks.")
        List<SlackSection> slack,

        @Valid @JsonPropertyDescription("Mail by submission.")
        List<EmailSection> email,

        @JsonPropertyDescription("A firing alert is sent again after this time; 0s for never. Default 4h.")
        Duration repeatInterval,

        @Valid
        @JsonPropertyDescription("A dead man's switch that tells people when the agent falls silent. Default none.")
        Optional<HeartbeatSection> heartbeat) {
    public AlertsSection(
            @Nullable List<SlackSection> slack,
            @Nullable List<EmailSection> email,
            @Nullable Duration repeatInterval,
            Optional<HeartbeatSection> heartbeat) {
        this.slack = slack == null ? List.of() : slack;
        this.email = email == null ? List.of() : email;
        this.repeatInterval = repeatInterval == null ? Duration.hours(4) : repeatInterval;
        this.heartbeat = heartbeat;
    }

    /** Ways to people, for the question whether they depend on the watched mail. */
    public List<AlertPath> paths() {
        List<AlertPath> paths = new ArrayList<>();
        slack.forEach(s -> paths.add(new AlertPath(s.name(), Optional.empty(), List.of())));
        email.forEach(e -> paths.add(e.path()));
        return paths;
    }

    /** The channels, ready to send. */
    public List<NotificationChannel> channels(Clock clock) {
        List<NotificationChannel> channels = new ArrayList<>();
        slack.forEach(s -> channels.add(Channels.slack(new SlackSettings(s.name(), s.url()), clock)));
        email.forEach(e -> channels.add(Channels.email(e.settings())));
        return channels;
    }
}
