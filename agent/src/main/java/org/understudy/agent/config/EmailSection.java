package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.self.AlertPathSelfCheck.AlertPath;
import org.understudy.alerts.EmailSettings;
import org.understudy.alerts.Secret;
import org.understudy.alerts.Severity;

/** Alerts by mail, handed to a submission server that does not depend on the monitored mail. */
public record EmailSection(
        @NotBlank @JsonPropertyDescription("Name of the channel in status and logs.")
        String name,

        @NotBlank @JsonPropertyDescription("Submission server.")
        String host,

        @JsonPropertyDescription("TCP port. Default 587.") Integer port,

        @JsonPropertyDescription("STARTTLS, IMPLICIT or NONE. Default STARTTLS.")
        EmailSettings.Tls tls,

        @JsonPropertyDescription("Login name; empty for no login.")
        String user,

        @JsonPropertyDescription("Login password; write ${NAME} to take it from the environment.")
        String password,

        @JsonPropertyDescription("File whose first line is the password; instead of password.")
        String passwordFile,

        @NotBlank @JsonPropertyDescription("Sender of the alerts.")
        String from,

        @NotEmpty @JsonPropertyDescription("Recipients.") List<String> to) {
    public EmailSection(
            String name,
            String host,
            @Nullable Integer port,
            EmailSettings.@Nullable Tls tls,
            @Nullable String user,
            @Nullable String password,
            @Nullable String passwordFile,
            String from,
            List<String> to) {
        this.name = name;
        this.host = host;
        this.port = port == null ? 587 : port;
        this.tls = tls == null ? EmailSettings.Tls.STARTTLS : tls;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.passwordFile = passwordFile == null ? "" : passwordFile;
        this.from = from;
        this.to = to;
    }

    /** As the channel wants it. */
    public EmailSettings settings() {
        String secret = user.isEmpty() ? "" : Secrets.resolve("alerts.email.password", password, passwordFile);
        return new EmailSettings(name, host, port, tls, user, Secret.of(secret), from, to, Severity.INFO);
    }

    /** Where it leads. */
    AlertPath path() {
        List<String> domains = to.stream()
                .map(address -> address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT))
                .toList();
        return new AlertPath(name, Optional.of(host.toLowerCase(Locale.ROOT)), domains);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "email " + name;
    }
}
