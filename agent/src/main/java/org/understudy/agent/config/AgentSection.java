package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The agent itself. */
public record AgentSection(
        @NotBlank
        @JsonPropertyDescription(
                "Name by which the agent greets mail servers: fully qualified, resolving to the agent.")
        String name,

        @JsonPropertyDescription(
                "Address of the dashboard as people reach it; alerts link to it. Default http://127.0.0.1:8080.")
        URI publicUrl,

        @JsonPropertyDescription("Directory of the agent's databases and keys, created with mode 0700. Default data.")
        Path dataDirectory) {
    public AgentSection(@Nullable String name, @Nullable URI publicUrl, @Nullable Path dataDirectory) {
        this.name = name == null ? InetAddress.getLoopbackAddress().getHostName() : name;
        this.publicUrl = publicUrl == null ? URI.create("http://127.0.0.1:8080") : publicUrl;
        this.dataDirectory = dataDirectory == null ? Path.of("data") : dataDirectory;
    }
}
