package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import io.dropwizard.util.Duration;
import jakarta.validation.constraints.Min;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.ControlHost;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Network;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/** How probes talk to mail servers. They ask in MAIL, RCPT and RSET, and send nothing. */
public record SessionsSection(
        @JsonPropertyDescription("Name in EHLO. Default: agent.name.")
        String ehloName,

        @JsonPropertyDescription(
                "Sender in MAIL: an address of yours that exists, or <>. Default postmaster@ the EHLO name.")
        String sender,

        @Min(1)
        @JsonPropertyDescription(
                "Sessions with one address of a server at a time, whatever the number of domains. Default 2.")
        Integer perServer,

        @JsonPropertyDescription("How long to wait for a connection. Default 10s.")
        Duration connectTimeout,

        @JsonPropertyDescription("How long to wait for the greeting, and for the reply to each command. Default 60s.")
        Duration replyTimeout,

        @JsonPropertyDescription(
                "An address of yours at a domain that none of the exchangers may relay to. With it they are"
                        + " asked whether they are open relays. Default none.")
        String relayTestRecipient,

        @JsonPropertyDescription("Ask also with names in EHLO that do not fit. Default false.")
        Boolean heloQuestions,

        @JsonPropertyDescription(
                "Once a day begin a message to the first valid recipient, with ends of lines that are none, and"
                        + " never end it. A server that reads it as it should keeps nothing. Default false.")
        Boolean lineEndQuestions,

        @JsonPropertyDescription(
                "Mail servers of others, as host or host:port, that are greeted when all of yours are silent: if"
                        + " they are, too, the fault is here. Default none.")
        List<HostAndPort> controlHosts,

        @JsonPropertyDescription(
                "Networks of servers that let the agent ask as often as it likes, as 192.0.2.0/24: it is on their allow"
                        + " lists. Default none.")
        List<String> tolerantNetworks) {
    /** All as it is by default. */
    public static final SessionsSection STANDARD =
            new SessionsSection(null, null, null, null, null, null, null, null, null, null);

    private static final int SMTP_PORT = 25;
    private static final int PER_SERVER = 2;

    public SessionsSection(
            @Nullable String ehloName,
            @Nullable String sender,
            @Nullable Integer perServer,
            @Nullable Duration connectTimeout,
            @Nullable Duration replyTimeout,
            @Nullable String relayTestRecipient,
            @Nullable Boolean heloQuestions,
            @Nullable Boolean lineEndQuestions,
            @Nullable List<HostAndPort> controlHosts,
            @Nullable List<String> tolerantNetworks) {
        this.ehloName = ehloName == null ? "" : ehloName;
        this.sender = sender == null ? "" : sender;
        this.perServer = perServer == null ? PER_SERVER : perServer;
        this.connectTimeout = connectTimeout == null ? Duration.seconds(10) : connectTimeout;
        this.replyTimeout = replyTimeout == null ? Duration.seconds(60) : replyTimeout;
        this.relayTestRecipient = relayTestRecipient == null ? "" : relayTestRecipient;
        this.heloQuestions = heloQuestions != null && heloQuestions;
        this.lineEndQuestions = lineEndQuestions != null && lineEndQuestions;
        this.controlHosts = controlHosts == null ? List.of() : controlHosts;
        this.tolerantNetworks = tolerantNetworks == null ? List.of() : List.copyOf(tolerantNetworks);
        this.tolerantNetworks.forEach(Network::parse);
        if (!this.sender.isEmpty() && !this.sender.equals("<>")) {
            Addresses.mailbox("probes.sessions.sender", this.sender);
        }
        if (!this.relayTestRecipient.isEmpty()) {
            Addresses.mailbox("probes.sessions.relayTestRecipient", this.relayTestRecipient);
        }
        this.controlHosts.forEach(host -> DomainName.parse(host.getHost()));
        if (this.connectTimeout.toNanoseconds() <= 0 || this.replyTimeout.toNanoseconds() <= 0) {
            throw new IllegalArgumentException(
                    "probes.sessions.connectTimeout and replyTimeout must be longer than nothing");
        }
    }

    /** True if the agent may ask a server at this address as often as it likes. */
    public boolean isTolerant(InetAddress address) {
        return tolerantNetworks.stream().map(Network::parse).anyMatch(network -> network.contains(address));
    }

    /** By which name, and how patiently, servers are asked. */
    public SmtpClientSettings client(String agentName) {
        SmtpTimeouts standard = SmtpTimeouts.probing();
        java.time.Duration reply = replyTimeout.toJavaDuration();
        return new SmtpClientSettings(
                ehloName.isEmpty() ? agentName : ehloName,
                TlsPolicy.OPPORTUNISTIC,
                new SmtpTimeouts(
                        connectTimeout.toJavaDuration(),
                        reply,
                        reply,
                        standard.tls(),
                        reply,
                        reply,
                        reply,
                        standard.dataBlock(),
                        standard.finalDot(),
                        standard.quit()));
    }

    /** As the probes want it. */
    public SmtpProbeSettings settings(String agentName, java.time.Duration questionsEvery) {
        SmtpClientSettings client = client(agentName);
        return new SmtpProbeSettings(
                client,
                reversePath(client.ehloName()),
                questionsEvery,
                perServer,
                relayTestRecipient.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Addresses.mailbox("probes.sessions.relayTestRecipient", relayTestRecipient)),
                heloQuestions,
                lineEndQuestions,
                controlHosts.stream()
                        .map(h -> new ControlHost(DomainName.parse(h.getHost()), h.getPortOrDefault(SMTP_PORT)))
                        .toList());
    }

    private ReversePath reversePath(String name) {
        if (sender.equals("<>")) {
            return ReversePath.NULL;
        } else if (!sender.isEmpty()) {
            return ReversePath.of(Addresses.mailbox("probes.sessions.sender", sender));
        }
        try {
            return ReversePath.of(Mailbox.parse("postmaster@" + name));
        } catch (SmtpSyntaxException e) {
            // The name is an address literal of some kind, or no name at all: nobody can be written to there.
            return ReversePath.NULL;
        }
    }
}
