package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.understudy.alerts.AlertPolicy;

/** How often is looked, and how sure one must be. */
public record ProbesSection(
        @JsonPropertyDescription("Interval of the MX contract. Default 5m.")
        Duration mxContract,

        @JsonPropertyDescription("Interval of SMTP reachability, per exchanger. Default 1m.")
        Duration smtp,

        @JsonPropertyDescription("Interval at which exchangers are asked everything, and compared. Default 15m.")
        Duration questions,

        @JsonPropertyDescription("Interval of canaries through each primary. Default 5m.")
        Duration canaryViaPrimary,

        @JsonPropertyDescription("Interval of canaries through each backup. Default 15m.")
        Duration canaryViaBackup,

        @JsonPropertyDescription(
                "How often samples are handed to the exchangers of domains with canary.contentSamples, 1d at least."
                        + " Default 7d.")
        Duration content,

        @JsonPropertyDescription("Interval of the queue's age. Default 30s.")
        Duration queue,

        @JsonPropertyDescription("Interval at which queues of other mail servers are looked at. Default 1m.")
        Duration serverQueues,

        @JsonPropertyDescription("Interval at which the agent looks at itself. Default 30s.")
        Duration self,

        @Min(1) @JsonPropertyDescription("Runs in a row that must find a fault before an alert fires. Default 3.")
        Integer failureThreshold,

        @Min(1) @JsonPropertyDescription("Runs in a row that must not find it before the alert is resolved. Default 2.")
        Integer successThreshold,

        @Min(1) @JsonPropertyDescription("Probes that may run at the same time. Default 10.")
        Integer threads,

        @Valid @JsonPropertyDescription("How probes talk to mail servers.")
        SessionsSection sessions) {
    private static final int HOURS_OF_A_DAY = 24;

    public ProbesSection(
            @Nullable Duration mxContract,
            @Nullable Duration smtp,
            @Nullable Duration questions,
            @Nullable Duration canaryViaPrimary,
            @Nullable Duration canaryViaBackup,
            @Nullable Duration content,
            @Nullable Duration queue,
            @Nullable Duration serverQueues,
            @Nullable Duration self,
            @Nullable Integer failureThreshold,
            @Nullable Integer successThreshold,
            @Nullable Integer threads,
            @Nullable SessionsSection sessions) {
        this.mxContract = mxContract == null ? Duration.minutes(5) : mxContract;
        this.smtp = smtp == null ? Duration.minutes(1) : smtp;
        this.questions = questions == null ? Duration.minutes(15) : questions;
        this.canaryViaPrimary = canaryViaPrimary == null ? Duration.minutes(5) : canaryViaPrimary;
        this.canaryViaBackup = canaryViaBackup == null ? Duration.minutes(15) : canaryViaBackup;
        this.content = content == null ? Duration.days(7) : content;
        this.queue = queue == null ? Duration.seconds(30) : queue;
        this.serverQueues = serverQueues == null ? Duration.minutes(1) : serverQueues;
        this.self = self == null ? Duration.seconds(30) : self;
        this.failureThreshold = failureThreshold == null ? 3 : failureThreshold;
        this.successThreshold = successThreshold == null ? 2 : successThreshold;
        this.threads = threads == null ? 10 : threads;
        this.sessions = sessions == null ? SessionsSection.STANDARD : sessions;
        if (this.content.toHours() < HOURS_OF_A_DAY) {
            throw new IllegalArgumentException("probes.content: " + this.content
                    + " is too often: samples are sent once a day at most, write 1d or more");
        }
    }

    /** How sure one must be before people are told. */
    public AlertPolicy policy(Duration repeatInterval) {
        return new AlertPolicy(failureThreshold, successThreshold, repeatInterval.toJavaDuration());
    }
}
