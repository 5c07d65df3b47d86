package org.understudy.alerts;

import java.net.URI;

/**
 * A Slack incoming webhook.
 *
 * @param name of the channel, in status and logs
 * @param webhookUrl whoever knows it can write to the channel
 * @param minimumSeverity alerts below it are not sent here
 */
public record SlackSettings(String name, Secret webhookUrl, Severity minimumSeverity) {
    public SlackSettings {
        requireHttp(name, webhookUrl);
    }

    public SlackSettings(String name, URI webhookUrl) {
        this(name, Secret.of(webhookUrl.toString()), Severity.INFO);
    }

    private static void requireHttp(String name, Secret webhookUrl) {
        String url = webhookUrl.reveal();
        boolean usable;
        try {
            URI uri = URI.create(url);
            usable = ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
                    && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            usable = false;
        }
        if (!usable) {
            // Neither the URL nor the cause, which quotes it, may be shown.
            throw new IllegalArgumentException("The webhook URL of Slack channel " + name
                    + " is not an http or https URL: copy it from the settings of the Slack app.");
        }
    }
}
