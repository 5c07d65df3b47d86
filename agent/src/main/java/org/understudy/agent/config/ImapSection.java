package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.ImapSettings;

/** A mailbox reached by IMAP. */
public record ImapSection(
        @NotBlank @JsonPropertyDescription("Name or address of the IMAP server.")
        String host,

        @JsonPropertyDescription("TCP port. Default 993.") Integer port,

        @JsonPropertyDescription("IMPLICIT, STARTTLS or NONE. Default IMPLICIT.")
        ImapSettings.Tls tls,

        @NotBlank @JsonPropertyDescription("Login name.") String user,

        @JsonPropertyDescription("Login password; write ${NAME} to take it from the environment.")
        String password,

        @JsonPropertyDescription("File whose first line is the password; instead of password.")
        String passwordFile,

        @JsonPropertyDescription(
                "Folders searched for canaries; those after the first are junk folders. Default [INBOX].")
        List<String> folders) {
    public ImapSection(
            String host,
            @Nullable Integer port,
            ImapSettings.@Nullable Tls tls,
            String user,
            @Nullable String password,
            @Nullable String passwordFile,
            @Nullable List<String> folders) {
        this.host = host;
        this.port = port == null ? 993 : port;
        this.tls = tls == null ? ImapSettings.Tls.IMPLICIT : tls;
        this.user = user;
        this.password = password == null ? "" : password;
        this.passwordFile = passwordFile == null ? "" : passwordFile;
        this.folders = folders == null ? List.of("INBOX") : folders;
    }

    /** As the probes want it. */
    ImapSettings settings() {
        return new ImapSettings(
                host,
                port,
                tls,
                user,
                Secrets.resolve("domains.canary.imap.password", password, passwordFile),
                folders);
    }
}
