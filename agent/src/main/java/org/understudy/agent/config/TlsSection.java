package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;

/** The certificate shown to clients after STARTTLS. */
public record TlsSection(
        @NotNull @JsonPropertyDescription("PEM file with the certificate and its chain.")
        Path certificateFile,

        @NotNull @JsonPropertyDescription("PEM file with the private key (PKCS#8).")
        Path keyFile) {}
