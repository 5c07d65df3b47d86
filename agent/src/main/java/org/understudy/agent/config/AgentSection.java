package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;
import org.understudy.spool.HopAddress;

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
        Path dataDirectory,

        @JsonPropertyDescription(
                "NTP servers that the clock is compared with, as host or host:port, at best three. Default none: not compared.")
        List<HostAndPort> timeServers,

        @Min(0)
        @JsonPropertyDescription("Less space than this left for the data directory is an alert. Default 256 MiB.")
        Long minimumFreeBytes,

        @JsonPropertyDescription(
                "Addresses by which mail servers know the agent, where address translation hides them, as"
                        + " 192.0.2.1. Default: found out.")
        List<String> publicAddresses) {
    private static final int NTP = 123;
    private static final long STANDARD_MINIMUM_FREE = 256L * 1024 * 1024;

    public AgentSection(
            @Nullable String name,
            @Nullable URI publicUrl,
            @Nullable Path dataDirectory,
            @Nullable List<HostAndPort> timeServers,
            @Nullable Long minimumFreeBytes,
            @Nullable List<String> publicAddresses) {
        this.name = name == null ? InetAddress.getLoopbackAddress().getHostName() : name;
        this.publicUrl = publicUrl == null ? URI.create("http://127.0.0.1:8080") : publicUrl;
        this.dataDirectory = dataDirectory == null ? Path.of("data") : dataDirectory;
        this.timeServers = timeServers == null ? List.of() : List.copyOf(timeServers);
        this.minimumFreeBytes = minimumFreeBytes == null ? STANDARD_MINIMUM_FREE : minimumFreeBytes;
        this.publicAddresses = publicAddresses == null ? List.of() : List.copyOf(publicAddresses);
        this.publicAddresses.forEach(AgentSection::address);
    }

    /** By which mail servers know the agent, if that is configured. */
    public List<InetAddress> addresses() {
        return publicAddresses.stream().map(AgentSection::address).toList();
    }

    private static InetAddress address(String text) {
        return Network.parseAddress(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "agent.publicAddresses: \"" + text + "\" is no address: write it as 192.0.2.1 or 2001:db8::1"));
    }

    /** Where the time servers are. */
    public List<HopAddress> clocks() {
        return timeServers.stream()
                .map(server -> new HopAddress(server.getHost(), server.getPortOrDefault(NTP)))
                .toList();
    }
}
