package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.HopAddress;
import org.understudy.spool.NextHop;
import org.understudy.spool.NoticePolicy;

/** A domain the spool takes mail for. */
public record RelaySection(
        @NotBlank @JsonPropertyDescription("The domain behind the @, exactly; subdomains are domains of their own.")
        String domain,

        @NotNull
        @JsonPropertyDescription(
                "The primary, as host or host:port. Never looked up in MX records: those name this spool too.")
        HostAndPort nextHop,

        @JsonPropertyDescription(
                "Other ways to the same mail, as host or host:port, each tried where nobody answers at those before it; what is"
                        + " said of TLS and XCLIENT counts for them as well. Default none.")
        List<HostAndPort> furtherHops,

        @JsonPropertyDescription(
                "NONE, OPPORTUNISTIC, REQUIRED, or VERIFIED: encrypted, and the certificate is the right"
                        + " one. Mail is held, never sent in the clear, where the last two are not met. Default OPPORTUNISTIC.")
        TlsPolicy tls,

        @JsonPropertyDescription("With VERIFIED: the name the certificate has to be for. Default: the host of nextHop.")
        Optional<String> tlsName,

        @JsonPropertyDescription(
                "With VERIFIED: PEM file with the authorities that are trusted. Default: those of the Java runtime.")
        Optional<Path> caFile,

        @JsonPropertyDescription(
                "With VERIFIED: SHA-256 of the certificates that are taken, instead of name and authority."
                        + " Write the next one beside the present one before it is changed.")
        List<String> certificateSha256,

        @JsonPropertyDescription(
                "auto: where the next hop offers XCLIENT it is told which client brought a message, so that"
                        + " SPF and block lists judge that one; never: it is not told. Default auto.")
        Xclient xclient,

        @Valid
        @JsonPropertyDescription(
                "Which recipients are taken. Without it all are, and the primary refuses what it will.")
        Optional<RecipientsSection> recipients,

        @JsonPropertyDescription(
                "Notices to senders that no operator orders: NEVER; EXPIRED, mail that expires is returned; ALL, and after four"
                        + " hours senders are told that it waits. None leaves to a sender that is not proven. Default NEVER.")
        NoticePolicy dsn) {

    /** Whether the next hop is told which client brought a message. */
    public enum Xclient {
        AUTO,
        NEVER
    }

    /** @throws IllegalArgumentException if the keys about TLS make no sense together */
    public RelaySection(
            String domain,
            HostAndPort nextHop,
            @Nullable List<HostAndPort> furtherHops,
            @Nullable TlsPolicy tls,
            Optional<String> tlsName,
            Optional<Path> caFile,
            @Nullable List<String> certificateSha256,
            @Nullable Xclient xclient,
            Optional<RecipientsSection> recipients,
            @Nullable NoticePolicy dsn) {
        this.domain = domain;
        this.nextHop = nextHop;
        this.furtherHops = furtherHops == null ? List.of() : List.copyOf(furtherHops);
        this.tls = tls == null ? TlsPolicy.OPPORTUNISTIC : tls;
        this.tlsName = tlsName;
        this.caFile = caFile;
        this.certificateSha256 = certificateSha256 == null ? List.of() : List.copyOf(certificateSha256);
        this.xclient = xclient == null ? Xclient.AUTO : xclient;
        this.recipients = recipients;
        this.dsn = dsn == null ? NoticePolicy.NEVER : dsn;
        requireSense();
    }

    private void requireSense() {
        boolean pinned = !certificateSha256.isEmpty();
        boolean named = tlsName.isPresent() || caFile.isPresent();
        if (tls != TlsPolicy.VERIFIED && (pinned || named)) {
            throw new IllegalArgumentException(
                    "tlsName, caFile and certificateSha256 count only with tls: VERIFIED, and it is " + tls);
        }
        if (pinned && named) {
            throw new IllegalArgumentException(
                    "a pinned certificate is asked for neither name nor authority: leave out tlsName and caFile,"
                            + " or certificateSha256");
        }
        boolean literal = Stream.concat(Stream.ofNullable(nextHop), furtherHops.stream())
                .anyMatch(hop -> Network.parseAddress(hop.getHost()).isPresent());
        if (tls == TlsPolicy.VERIFIED && literal && !pinned && tlsName.isEmpty()) {
            throw new IllegalArgumentException(
                    "tls: VERIFIED needs a name, and a next hop is an address: write its name in"
                            + " tlsName, or pin its certificate with certificateSha256");
        }
        certificateSha256.forEach(RelaySection::pin);
    }

    private static String pin(String text) {
        return ServerTrust.parsePin(text)
                .orElseThrow(() -> new IllegalArgumentException("certificateSha256: \"" + text
                        + "\" is no SHA-256: write its 64 hexadecimal digits, as 'openssl x509 -noout -fingerprint -sha256"
                        + " -in FILE' prints them"));
    }

    /** @throws InvalidConfigurationException if the file with the authorities cannot be used */
    NextHop next() {
        Set<String> pins = certificateSha256.stream().map(RelaySection::pin).collect(Collectors.toSet());
        ServerTrust trust = new ServerTrust(
                tlsName,
                caFile.map(file -> AuthorityFile.read("spool.relay.caFile", file))
                        .orElse(List.of()),
                pins);
        List<HopAddress> further = furtherHops.stream()
                .map(hop -> new HopAddress(hop.getHost(), hop.getPortOrDefault(25)))
                .toList();
        return new NextHop(
                nextHop.getHost(), nextHop.getPortOrDefault(25), tls, trust, xclient == Xclient.AUTO, further);
    }
}
