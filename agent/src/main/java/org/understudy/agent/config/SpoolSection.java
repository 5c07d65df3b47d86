package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.spool.DirectorySettings;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.RetentionSettings;
import org.understudy.spool.SenderProof;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;

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

        @Min(1) @JsonPropertyDescription("Sessions at one time from one /24 of IPv4 or /64 of IPv6. Default 200.")
        Integer maximumSessionsPerNetwork,

        @JsonPropertyDescription(
                "When all sessions are taken, one that has been idle this long outside a transaction makes room. Default 10s.")
        Duration evictIdleAfter,

        @JsonPropertyDescription("How long a command line may take, and how long a client may be silent. Default 5m.")
        Duration commandTimeout,

        @JsonPropertyDescription(
                "How long a session may take; then it ends between transactions, and is cut at twice that. Default 60m.")
        Duration maximumSessionTime,

        @JsonPropertyDescription("How long a TLS handshake may take. Default 60s.")
        Duration handshakeTimeout,

        @Min(1)
        @JsonPropertyDescription(
                "Octets a second that content must come with, averaged over commandTimeout. Default 100.")
        Integer minimumContentRate,

        @Valid
        @JsonPropertyDescription(
                "Proxies in front of the spool. Each of their connections must begin with a PROXY protocol header, version 1 or 2.")
        TrustedSection proxyProtocol,

        @Valid @JsonPropertyDescription("Clients that may say for whom they speak with XCLIENT.")
        TrustedSection xclient,

        @JsonPropertyDescription("Free disk space below which mail is deferred with 452. Default 256MiB.")
        DataSize reserve,

        @JsonPropertyDescription(
                "How often a next hop that is down is tried; one that does not answer at all, every 3s if that is more often. Default 30s.")
        Duration probeInterval,

        @Min(1) @JsonPropertyDescription("Sessions per next hop. Default 4.")
        Integer concurrency,

        @JsonPropertyDescription(
                "How long a message waits before it is sent again, when the next hop's reply to the whole of it"
                        + " was lost. If it had been taken, it arrives twice. Default 10m.")
        Duration lostReplyDelay,

        @JsonPropertyDescription(
                "How long mail waits for its next hop. Then it is kept until an operator decides, and not bounced."
                        + " 1h to 31d. Default 14d.")
        Duration retention,

        @Valid
        @JsonPropertyDescription(
                "The mail server that takes notices to senders. Without it nothing can be returned to its sender.")
        Optional<ReturnRelaySection> returnRelay,

        @Valid @JsonPropertyDescription("Who is asked about a message before it is taken. Default: nobody.")
        Optional<FilteringSection> filtering) {
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
            @Nullable Integer maximumSessionsPerNetwork,
            @Nullable Duration evictIdleAfter,
            @Nullable Duration commandTimeout,
            @Nullable Duration maximumSessionTime,
            @Nullable Duration handshakeTimeout,
            @Nullable Integer minimumContentRate,
            @Nullable TrustedSection proxyProtocol,
            @Nullable TrustedSection xclient,
            @Nullable DataSize reserve,
            @Nullable Duration probeInterval,
            @Nullable Integer concurrency,
            @Nullable Duration lostReplyDelay,
            @Nullable Duration retention,
            Optional<ReturnRelaySection> returnRelay,
            Optional<FilteringSection> filtering) {
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
        this.maximumSessionsPerNetwork = maximumSessionsPerNetwork == null ? 200 : maximumSessionsPerNetwork;
        this.evictIdleAfter = evictIdleAfter == null ? Duration.seconds(10) : evictIdleAfter;
        this.commandTimeout = commandTimeout == null ? Duration.minutes(5) : commandTimeout;
        this.maximumSessionTime = maximumSessionTime == null ? Duration.minutes(60) : maximumSessionTime;
        this.handshakeTimeout = handshakeTimeout == null ? Duration.seconds(60) : handshakeTimeout;
        this.minimumContentRate = minimumContentRate == null ? 100 : minimumContentRate;
        this.proxyProtocol = proxyProtocol == null ? TrustedSection.NONE : proxyProtocol;
        this.xclient = xclient == null ? TrustedSection.NONE : xclient;
        this.reserve = reserve == null ? DataSize.mebibytes(256) : reserve;
        this.probeInterval = probeInterval == null ? Duration.seconds(30) : probeInterval;
        this.concurrency = concurrency == null ? 4 : concurrency;
        this.lostReplyDelay = lostReplyDelay == null ? Duration.minutes(10) : lostReplyDelay;
        this.retention = retention == null ? Duration.days(RetentionSettings.STANDARD.toDays()) : retention;
        this.returnRelay = returnRelay;
        this.filtering = filtering;
    }

    /** No spool. */
    public static SpoolSection disabled() {
        return new SpoolSection(
                null,
                null,
                null,
                null,
                null,
                Optional.empty(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * As the spool wants it.
     *
     * @param context for STARTTLS, asked when a handshake begins
     */
    public SpoolSettings settings(DomainName name, Supplier<SSLContext> context) {
        return new SpoolSettings(
                reception(name, context),
                new StorageSettings(directory, SEGMENT_BYTES, LARGE_MESSAGE_BYTES, reserve.toBytes()),
                new ForwardingSettings(
                        routes(),
                        name,
                        probeInterval.toJavaDuration(),
                        concurrency,
                        MINIMUM_BACKOFF,
                        MAXIMUM_BACKOFF,
                        ForwardingPatience.standard().withLostReply(lostReplyDelay.toJavaDuration()),
                        SmtpTimeouts.forwarding()),
                recipients(),
                retentionSettings(),
                notices(),
                filtering.map(FilteringSection::settings).orElse(FilterSettings.NONE));
    }

    private DirectorySettings recipients() {
        Map<DomainName, RecipientSettings> domains = new HashMap<>();
        relay.forEach(r ->
                r.recipients().ifPresent(wanted -> domains.put(DomainName.parse(r.domain()), wanted.settings())));
        return new DirectorySettings(domains);
    }

    private NoticeSettings notices() {
        return new NoticeSettings(
                returnRelay.map(ReturnRelaySection::next),
                relay.stream().collect(Collectors.toMap(r -> DomainName.parse(r.domain()), RelaySection::dsn)),
                SenderProof.NONE);
    }

    /**
     * How long mail waits.
     *
     * @throws InvalidConfigurationException if it is out of bounds, in one sentence
     */
    RetentionSettings retentionSettings() {
        java.time.Duration limit = retention.toJavaDuration();
        if (limit.compareTo(RetentionSettings.SHORTEST) < 0 || limit.compareTo(RetentionSettings.LONGEST) > 0) {
            throw new InvalidConfigurationException("spool.retention: " + retention
                    + " is not between 1h and 31d: leave it out for 14d, which outlasts a long weekend many times.");
        }
        return RetentionSettings.of(limit);
    }

    private ReceptionSettings reception(DomainName name, Supplier<SSLContext> context) {
        return new ReceptionSettings(
                name,
                listen.stream()
                        .map(l -> new InetSocketAddress(l.getHost(), l.getPortOrDefault(25)))
                        .toList(),
                maximumMessageSize.toBytes(),
                maximumRecipients,
                MAXIMUM_HOPS,
                new SessionLimits(
                        maximumSessions,
                        maximumSessionsPerClient,
                        maximumSessionsPerNetwork,
                        evictIdleAfter.toJavaDuration(),
                        commandTimeout.toJavaDuration(),
                        maximumSessionTime.toJavaDuration(),
                        handshakeTimeout.toJavaDuration(),
                        minimumContentRate),
                Optional.of(context),
                new TrustedClients(proxyProtocol.networks(), xclient.networks()));
    }

    /** Next hop of each relay domain. */
    public Map<DomainName, NextHop> routes() {
        return relay.stream().collect(Collectors.toMap(r -> DomainName.parse(r.domain()), RelaySection::next));
    }
}
