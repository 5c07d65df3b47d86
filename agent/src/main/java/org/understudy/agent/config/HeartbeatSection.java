package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** A dead man's switch elsewhere, which is fed as long as the agent does all of its work. */
public record HeartbeatSection(
        @JsonPropertyDescription("Fetched with GET, a secret; write ${NAME} to take it from the environment.")
        String url,

        @JsonPropertyDescription("File whose first line is the URL; instead of url.")
        String urlFile,

        @JsonPropertyDescription("How often; not less than probes.self. Default 1m.")
        Duration interval) {
    public HeartbeatSection(@Nullable String url, @Nullable String urlFile, @Nullable Duration interval) {
        this.url = url == null ? "" : url;
        this.urlFile = urlFile == null ? "" : urlFile;
        this.interval = interval == null ? Duration.minutes(1) : interval;
    }

    /** The URL, from wherever it is given. */
    public URI address() {
        try {
            URI address = new URI(Secrets.resolve("alerts.heartbeat.url", url, urlFile));
            if (address.getHost() == null
                    || address.getScheme() == null
                    || !address.getScheme().matches("https?")) {
                throw new InvalidConfigurationException("alerts.heartbeat.url is no http or https URL.");
            }
            return address;
        } catch (URISyntaxException e) {
            throw new InvalidConfigurationException("alerts.heartbeat.url is no URL.");
        }
    }

    /** Without the URL. */
    @Override
    public String toString() {
        return "heartbeat every " + interval;
    }
}
