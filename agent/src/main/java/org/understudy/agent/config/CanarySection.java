package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.CanarySettings;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.SmtpSyntaxException;

/** The test messages that prove a path. */
public record CanarySection(
        @NotBlank @JsonPropertyDescription("Address whose mailbox the canaries arrive in.")
        String recipient,

        @JsonPropertyDescription("Envelope and header sender; its token is added behind a +. Default: the recipient.")
        String sender,

        @NotNull @Valid @JsonPropertyDescription("The mailbox of the recipient.")
        ImapSection imap,

        @JsonPropertyDescription(
                "How often the mailbox is searched where the server does not announce arrivals. Default 15s.")
        Duration pollInterval,

        @JsonPropertyDescription("How long one run waits for its canary. Default 60s.")
        Duration patience,

        @JsonPropertyDescription("Latency above which a canary is delayed. Default 5m.")
        Duration lateAfter,

        @JsonPropertyDescription("Time after which an accepted canary that nobody has is lost. Default 30m.")
        Duration lostAfter,

        @JsonPropertyDescription(
                "Hand samples of content, harmless ones and the test patterns of spam filters and virus scanners among"
                        + " them, to primary and backups, for this recipient, and compare what they answer. Default false.")
        Boolean contentSamples) {
    public CanarySection(
            String recipient,
            @Nullable String sender,
            ImapSection imap,
            @Nullable Duration pollInterval,
            @Nullable Duration patience,
            @Nullable Duration lateAfter,
            @Nullable Duration lostAfter,
            @Nullable Boolean contentSamples) {
        this.recipient = recipient;
        this.sender = sender == null ? "" : sender;
        this.imap = imap;
        this.pollInterval = pollInterval == null ? Duration.seconds(15) : pollInterval;
        this.patience = patience == null ? Duration.seconds(60) : patience;
        this.lateAfter = lateAfter == null ? Duration.minutes(5) : lateAfter;
        this.lostAfter = lostAfter == null ? Duration.minutes(30) : lostAfter;
        this.contentSamples = contentSamples != null && contentSamples;
    }

    /** As the probes want it. */
    public CanarySettings settings() {
        return new CanarySettings(
                mailbox("recipient", recipient),
                mailbox("sender", sender.isEmpty() ? recipient : sender),
                imap.settings(),
                pollInterval.toJavaDuration(),
                patience.toJavaDuration(),
                lateAfter.toJavaDuration(),
                lostAfter.toJavaDuration());
    }

    private static Mailbox mailbox(String key, String text) {
        try {
            return Mailbox.parse(text);
        } catch (SmtpSyntaxException e) {
            throw new InvalidConfigurationException(
                    "domains.canary." + key + " \"" + text + "\": " + e.getMessage(), e);
        }
    }
}
