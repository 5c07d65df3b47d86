package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** A Slack incoming webhook. */
public record SlackSection(
        @NotBlank @JsonPropertyDescription("Name of the channel in status and logs.")
        String name,

        @JsonPropertyDescription("The webhook's URL, a secret; write ${NAME} to take it from the environment.")
        String webhookUrl,

        @JsonPropertyDescription("File whose first line is the URL; instead of webhookUrl.")
        String webhookUrlFile) {
    public SlackSection(String name, @Nullable String webhookUrl, @Nullable String webhookUrlFile) {
        this.name = name;
        this.webhookUrl = webhookUrl == null ? "" : webhookUrl;
        this.webhookUrlFile = webhookUrlFile == null ? "" : webhookUrlFile;
    }

    /** The URL, from wherever it is given. */
    public URI url() {
        String url = Secrets.resolve("alerts.slack.webhookUrl", webhookUrl, webhookUrlFile);
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new InvalidConfigurationException("alerts.slack.webhookUrl of " + name + " is no URL.");
        }
    }

    /** Without the URL. */
    @Override
    public String toString() {
        return "slack " + name;
    }
}
