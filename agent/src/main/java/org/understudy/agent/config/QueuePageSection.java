package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.QueueEndpoint;

/** A page that has the numbers of a queue: metrics for Prometheus, or JSON. */
public record QueuePageSection(
        @NotBlank
        @JsonPropertyDescription(
                "Its address, http or https, without a secret in it; fetched with GET, redirects are not followed.")
        String page,

        @JsonPropertyDescription(
                "Value of the field Authorization, a secret; write ${NAME} to take it from the environment.")
        String authorization,

        @JsonPropertyDescription("File whose first line is that value; instead of authorization.")
        String authorizationFile,

        @NotBlank
        @JsonPropertyDescription(
                "Where the number of waiting messages stands: a metric as name{label=\"value\"}, or a JSON"
                        + " pointer as /queue/messages. Of several samples that fit, the sum.")
        String count,

        @JsonPropertyDescription("Where the octets of all of them stand. Default: not known.")
        Optional<String> bytes,

        @JsonPropertyDescription(
                "Where the age of the oldest message stands, in seconds. Without it and oldestTime age is not judged.")
        Optional<String> oldestAge,

        @JsonPropertyDescription(
                "Where the arrival of the oldest message stands, in seconds since 1970-01-01 UTC; in JSON also as"
                        + " 2026-11-26T12:00:00Z. Instead of oldestAge.")
        Optional<String> oldestTime,

        @JsonPropertyDescription(
                "Where it stands for how many seconds the next attempt of some message has been due. Default: not known.")
        Optional<String> overdue) {

    public QueuePageSection(
            String page,
            @Nullable String authorization,
            @Nullable String authorizationFile,
            String count,
            Optional<String> bytes,
            Optional<String> oldestAge,
            Optional<String> oldestTime,
            Optional<String> overdue) {
        this.page = page;
        this.authorization = authorization == null ? "" : authorization;
        this.authorizationFile = authorizationFile == null ? "" : authorizationFile;
        this.count = count;
        this.bytes = bytes;
        this.oldestAge = oldestAge;
        this.oldestTime = oldestTime;
        this.overdue = overdue;
        if (oldestAge.isPresent() && oldestTime.isPresent()) {
            throw new IllegalArgumentException("oldestAge and oldestTime are both given: keep one of them");
        }
    }

    /** @throws InvalidConfigurationException if it cannot be, in one sentence */
    QueueEndpoint settings(String key, QueueEndpoint.Format format, Duration limit) {
        boolean secret = !authorization.isEmpty() || !authorizationFile.isEmpty();
        String field = secret ? Secrets.resolve(key + ".authorization", authorization, authorizationFile) : "";
        if (field.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new InvalidConfigurationException(
                    key + ".authorization: a field cannot have control characters in it: write it in one line.");
        }
        try {
            return new QueueEndpoint(
                            format,
                            address(key),
                            field,
                            new QueueEndpoint.Figures(count, bytes, oldestAge, oldestTime, overdue),
                            limit)
                    .checked();
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(key + "." + e.getMessage(), e);
        }
    }

    /** Not said again where it is wrong: it may have a password in it. */
    private URI address(String key) {
        try {
            URI address = new URI(page);
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (http && address.getHost() != null && address.getRawUserInfo() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new InvalidConfigurationException(key + ".page is no address of a page: " + e.getReason(), e);
        }
        throw new InvalidConfigurationException(key + ".page is no address of a page: write it as"
                + " http://mx2.example.org:9154/metrics, and a login in authorization.");
    }
}
