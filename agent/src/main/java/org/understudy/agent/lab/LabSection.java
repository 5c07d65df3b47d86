package org.understudy.agent.lab;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;

/** The lab. Its password is no secret: the lab is reached from this machine only and holds nothing of value. */
public record LabSection(
        @JsonPropertyDescription("Whether the lab runs. Default false.")
        Boolean enabled,

        @JsonPropertyDescription("The mail domain that exists in the lab only. Default lab.test.")
        String domain,

        @JsonPropertyDescription("Loopback address that everything in the lab listens on. Default 127.0.0.1.")
        String bindAddress,

        @JsonPropertyDescription("Directory of the lab's mail, alerts and switches. Default data/lab.")
        Path directory,

        @Min(0) @Max(65535) @JsonPropertyDescription("SMTP port of the primary; 0 for any free one. Default 2526.")
        Integer primarySmtpPort,

        @Min(0) @Max(65535) @JsonPropertyDescription("IMAP port of the primary; 0 for any free one. Default 2143.")
        Integer imapPort,

        @Min(0)
        @Max(65535)
        @JsonPropertyDescription("UDP and TCP port of the name server; 0 for any free one. Default 2053.")
        Integer dnsPort,

        @Min(0)
        @Max(65535)
        @JsonPropertyDescription("HTTP port that takes Slack webhook calls; 0 for any free one. Default 2082.")
        Integer slackPort,

        @Min(0)
        @Max(65535)
        @JsonPropertyDescription("SMTP port that takes alert mails; 0 for any free one. Default 2587.")
        Integer mailSinkPort,

        @JsonPropertyDescription("Name of the primary, within the domain. Default mx1.<domain>.")
        String primaryHostName,

        @JsonPropertyDescription("Name of the backup, within the domain. Default mx2.<domain>.")
        String backupHostName,

        @JsonPropertyDescription("Local part and IMAP login of the mailbox that canaries arrive in. Default canary.")
        String mailboxUser,

        @JsonPropertyDescription("IMAP password of that mailbox; not a secret. Default canary.")
        String mailboxPassword,

        @Min(1) @JsonPropertyDescription("Messages kept on disk over a restart, newest first. Default 20000.")
        Integer keepMessages) {
    public LabSection(
            @Nullable Boolean enabled,
            @Nullable String domain,
            @Nullable String bindAddress,
            @Nullable Path directory,
            @Nullable Integer primarySmtpPort,
            @Nullable Integer imapPort,
            @Nullable Integer dnsPort,
            @Nullable Integer slackPort,
            @Nullable Integer mailSinkPort,
            @Nullable String primaryHostName,
            @Nullable String backupHostName,
            @Nullable String mailboxUser,
            @Nullable String mailboxPassword,
            @Nullable Integer keepMessages) {
        this.enabled = enabled == null ? false : enabled;
        this.domain = domain == null ? "lab.test" : domain;
        this.bindAddress = bindAddress == null ? "127.0.0.1" : bindAddress;
        this.directory = directory == null ? Path.of("data", "lab") : directory;
        this.primarySmtpPort = primarySmtpPort == null ? 2526 : primarySmtpPort;
        this.imapPort = imapPort == null ? 2143 : imapPort;
        this.dnsPort = dnsPort == null ? 2053 : dnsPort;
        this.slackPort = slackPort == null ? 2082 : slackPort;
        this.mailSinkPort = mailSinkPort == null ? 2587 : mailSinkPort;
        this.primaryHostName = primaryHostName == null ? "mx1." + this.domain : primaryHostName;
        this.backupHostName = backupHostName == null ? "mx2." + this.domain : backupHostName;
        this.mailboxUser = mailboxUser == null ? "canary" : mailboxUser;
        this.mailboxPassword = mailboxPassword == null ? "canary" : mailboxPassword;
        this.keepMessages = keepMessages == null ? 20_000 : keepMessages;
    }

    /** All defaults: switched off. */
    public static LabSection standard() {
        return new LabSection(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    DomainName domainName() {
        return name("domain", domain);
    }

    DomainName primaryName() {
        return withinDomain("primaryHostName", primaryHostName);
    }

    DomainName backupName() {
        return withinDomain("backupHostName", backupHostName);
    }

    private DomainName withinDomain(String key, String text) {
        DomainName name = name(key, text);
        if (!name.isWithin(domainName())) {
            throw new LabException("lab." + key + ": " + text + " is not within lab.domain " + domain
                    + ", so the lab's name server could not answer for it.");
        }
        return name;
    }

    private static DomainName name(String key, String text) {
        try {
            return DomainName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new LabException("lab." + key + ": \"" + text + "\" is no domain name.", e);
        }
    }
}
