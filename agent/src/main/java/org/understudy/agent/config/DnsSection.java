package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import io.dropwizard.util.Duration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Probes;
import org.understudy.smtp.Network;

/** Whom DNS questions go to. */
public record DnsSection(
        @JsonPropertyDescription(
                "Recursive resolvers as address or address:port, asked in order. Default: those of the system.")
        List<HostAndPort> resolvers,

        @JsonPropertyDescription("Port of authoritative name servers; anything but 53 only in a lab. Default 53.")
        Integer authoritativePort,

        @JsonPropertyDescription("How long one UDP try may take; there are two per server, then TCP. Default 1500ms.")
        Duration tryTimeout,

        @JsonPropertyDescription("Networks whose addresses count as public although they are reserved, as"
                + " 10.1.0.0/16: of a lab, or inside a company. Default none.")
        List<String> publicNetworks,

        @JsonPropertyDescription("Networks whose hosts do not fail together, as 192.0.2.0/24: of an anycast provider,"
                + " or of a lab. Default none.")
        List<String> independentNetworks,

        @JsonPropertyDescription("File of DS or DNSKEY records to validate DNSSEC from, as Debian's"
                + " /usr/share/dns/root.key. Without it DNSSEC and DANE are not looked at.")
        Optional<Path> trustAnchorFile) {
    public DnsSection(
            @Nullable List<HostAndPort> resolvers,
            @Nullable Integer authoritativePort,
            @Nullable Duration tryTimeout,
            @Nullable List<String> publicNetworks,
            @Nullable List<String> independentNetworks,
            Optional<Path> trustAnchorFile) {
        this.resolvers = resolvers == null ? List.of() : resolvers;
        this.authoritativePort = authoritativePort == null ? 53 : authoritativePort;
        this.tryTimeout = tryTimeout == null ? Duration.milliseconds(1500) : tryTimeout;
        this.publicNetworks = publicNetworks == null ? List.of() : publicNetworks;
        this.independentNetworks = independentNetworks == null ? List.of() : independentNetworks;
        this.trustAnchorFile = trustAnchorFile;
        ranges(this.publicNetworks);
        ranges(this.independentNetworks);
    }

    /**
     * As the probes want it.
     *
     * @throws InvalidConfigurationException if the trust anchors cannot be read
     */
    public DnsSettings settings() {
        return new DnsSettings(
                resolvers.stream()
                        .map(r -> new InetSocketAddress(r.getHost(), r.getPortOrDefault(53)))
                        .toList(),
                authoritativePort,
                tryTimeout.toJavaDuration(),
                ranges(publicNetworks),
                ranges(independentNetworks),
                trustAnchorFile.map(DnsSection::trustAnchors).orElse(""));
    }

    private static String trustAnchors(Path file) {
        try {
            String text = Files.readString(file);
            Probes.checkTrustAnchors(text);
            return text;
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    "trustAnchorFile: " + file + " cannot be read: " + FileTrouble.describe(e), e);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "trustAnchorFile: " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<Network> ranges(List<String> networks) {
        return networks.stream().map(Network::parse).toList();
    }
}
