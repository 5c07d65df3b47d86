package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;

/** The bundled backup MX. */
public record SpoolSection(
        @JsonPropertyDescription("Whether the spool runs. Default false.")
        Boolean enabled,

        @JsonPropertyDescription("Its own name, as in its MX record. Default: agent.name.")
        String hostName,

        @JsonPropertyDescription("Addresses to listen on; port 0 for any free one. Default [127.0.0.1:2525].")
        List<HostAndPort> listen,

        @JsonPropertyDescription("Directory of the queue, created with mode 0700. Default data/spool.")
        Path directory,

        @Valid @JsonPropertyDescription("The domains it takes mail for, and where that goes. Nothing else is taken.")
        List<RelaySection> relay,

        @Valid @JsonPropertyDescription("Certificate for STARTTLS. Default: a self-signed one made at the first start.")
        Optional<TlsSection> tls,

        @JsonPropertyDescription("Largest message taken; must not exceed what the primary takes. Default 50MiB.")
        DataSize maximumMessageSize,

        @Min(100) @JsonPropertyDescription("Recipients per transaction, at least 100. Default 1000.")
        Integer maximumRecipients,

        @Min(1) @JsonPropertyDescription("Sessions at one time. Default 1000.")
        Integer maximumSessions,

        @Min(1) @JsonPropertyDescription("Sessions at one time from one address. Default 100.")
        Integer maximumSessionsPerClient,

        @JsonPropertyDescription("How long a client may be silent. Default 5m.")
        Duration commandTimeout,

        @JsonPropertyDescription("Free disk space below which mail is deferred with 452. Default 256MiB.")
        DataSize reserve,

        @JsonPropertyDescription("How often a next hop that is down is tried. Default 30s.")
        Duration probeInterval,

        @Min(1) @JsonPropertyDescription("Sessions per next hop. Default 4.")
        Integer concurrency) {
    private static final int MAXIMUM_HOPS = 100;
    private static final long SEGMENT_BYTES = 64L * 1024 * 1024;
    private static final long LARGE_MESSAGE_BYTES = 1024L * 1024;
    private static final java.time.Duration MINIMUM_BACKOFF = java.time.Duration.ofMinutes(1);
    private static final java.time.Duration MAXIMUM_BACKOFF = java.time.Duration.ofMinutes(15);

    public SpoolSection(
            @Nullable Boolean enabled,
            @Nullable String hostName,
            @Nullable List<HostAndPort> listen,
            @Nullable Path directory,
            @Nullable List<RelaySection> relay,
            Optional<TlsSection> tls,
            @Nullable DataSize maximumMessageSize,
            @Nullable Integer maximumRecipients,
            @Nullable Integer maximumSessions,
            @Nullable Integer maximumSessionsPerClient,
            @Nullable Duration commandTimeout,
            @Nullable DataSize reserve,
            @Nullable Duration probeInterval,
            @Nullable Integer concurrency) {
        this.enabled = enabled == null ? false : enabled;
        this.hostName = hostName == null ? "" : hostName;
        this.listen = listen == null ? List.of(HostAndPort.fromParts("127.0.0.1", 2525)) : listen;
        this.directory = directory == null ? Path.of("data", "spool") : directory;
        this.relay = relay == null ? List.of() : relay;
        this.tls = tls;
        this.maximumMessageSize = maximumMessageSize == null ? DataSize.mebibytes(50) : maximumMessageSize;
        this.maximumRecipients = maximumRecipients == null ? 1000 : maximumRecipients;
        this.maximumSessions = maximumSessions == null ? 1000 : maximumSessions;
        this.maximumSessionsPerClient = maximumSessionsPerClient == null ? 100 : maximumSessionsPerClient;
        this.commandTimeout = commandTimeout == null ? Duration.minutes(5) : commandTimeout;
        this.reserve = reserve == null ? DataSize.mebibytes(256) : reserve;
        this.probeInterval = probeInterval == null ? Duration.seconds(30) : probeInterval;
        this.concurrency = concurrency == null ? 4 : concurrency;
    }

    /** As the spool wants it. */
    public SpoolSettings settings(DomainName name, Optional<SSLContext> context) {
        return new SpoolSettings(
                new ReceptionSettings(
                        name,
                        listen.stream()
                                .map(l -> new InetSocketAddress(l.getHost(), l.getPortOrDefault(25)))
                                .toList(),
                        maximumMessageSize.toBytes(),
                        maximumRecipients,
                        maximumSessions,
                        maximumSessionsPerClient,
                        commandTimeout.toJavaDuration(),
                        MAXIMUM_HOPS,
                        context),
                new StorageSettings(directory, SEGMENT_BYTES, LARGE_MESSAGE_BYTES, reserve.toBytes()),
                new ForwardingSettings(
                        routes(),
                        name,
                        probeInterval.toJavaDuration(),
                        concurrency,
                        MINIMUM_BACKOFF,
                        MAXIMUM_BACKOFF,
                        SmtpTimeouts.forwarding()));
    }

    /** Next hop of each relay domain. */
    public Map<DomainName, NextHop> routes() {
        return relay.stream().collect(Collectors.toMap(r -> DomainName.parse(r.domain()), RelaySection::next));
    }
}
