package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.QueueScope;
import org.understudy.probes.SmtpIntent;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/** One mail domain and what should be true of it. */
public record DomainSection(
        @NotBlank @JsonPropertyDescription("The domain behind the @.")
        String name,

        @JsonPropertyDescription(
                "Exchangers in the order in which senders should try them; those of one tier share a preference.")
        List<@NotEmpty List<@Valid ExchangerSection>> tiers,

        @Valid @JsonPropertyDescription("Canaries; without them nothing is proved.")
        Optional<CanarySection> canary,

        @JsonPropertyDescription("false for a domain that takes no mail; it has no tiers then. Default true.")
        Boolean mail,

        @JsonPropertyDescription("true for a domain that has no backup on purpose. Default false.")
        Boolean noBackup,

        @JsonPropertyDescription("true if backups take mail beside the primary, in any order. Default false.")
        Boolean activeActive,

        @JsonPropertyDescription("In this time senders should follow a change of the records. Default 24h.")
        Duration recoveryObjective,

        @JsonPropertyDescription("Further domains that should have the same MX records. Default none.")
        List<String> subdomains,

        @JsonPropertyDescription(
                "true if the primary delivers to any recipient, false if it does not. Default: found out.")
        Optional<Boolean> catchAll,

        @JsonPropertyDescription(
                "true if backups put mail off with 4yz on purpose while the primary is up. Default false.")
        Boolean defersWhilePrimaryUp,

        @JsonPropertyDescription(
                "true if backups take mail for recipients whom they do not know, and never return what the"
                        + " primary then refuses; so it is with the bundled spool. Default false.")
        Boolean holdsUnknownRecipients,

        @JsonPropertyDescription("true if users hand in their own mail at the backups. Default false.")
        Boolean backupTakesSubmission,

        @JsonPropertyDescription("Addresses besides the canary's that every exchanger must take. Default none.")
        List<String> validRecipients,

        @JsonPropertyDescription("Queues of mail servers other than the bundled spool. Default none.")
        List<@Valid QueueSection> queues) {
    public DomainSection(
            String name,
            @Nullable List<@NotEmpty List<@Valid ExchangerSection>> tiers,
            Optional<CanarySection> canary,
            @Nullable Boolean mail,
            @Nullable Boolean noBackup,
            @Nullable Boolean activeActive,
            @Nullable Duration recoveryObjective,
            @Nullable List<String> subdomains,
            Optional<Boolean> catchAll,
            @Nullable Boolean defersWhilePrimaryUp,
            @Nullable Boolean holdsUnknownRecipients,
            @Nullable Boolean backupTakesSubmission,
            @Nullable List<String> validRecipients,
            @Nullable List<@Valid QueueSection> queues) {
        this.name = name;
        this.tiers = tiers == null ? List.of() : tiers;
        this.canary = canary;
        this.mail = mail == null || mail;
        this.noBackup = noBackup != null && noBackup;
        this.activeActive = activeActive != null && activeActive;
        this.recoveryObjective = recoveryObjective == null ? Duration.hours(24) : recoveryObjective;
        this.subdomains = subdomains == null ? List.of() : subdomains;
        this.catchAll = catchAll;
        this.defersWhilePrimaryUp = defersWhilePrimaryUp != null && defersWhilePrimaryUp;
        this.holdsUnknownRecipients = holdsUnknownRecipients != null && holdsUnknownRecipients;
        this.backupTakesSubmission = backupTakesSubmission != null && backupTakesSubmission;
        this.validRecipients = validRecipients == null ? List.of() : validRecipients;
        this.queues = queues == null ? List.of() : queues;
        this.subdomains.forEach(DomainName::parse);
        this.validRecipients.forEach(this::inDomain);
        contradiction().ifPresent(c -> {
            throw new IllegalArgumentException(c);
        });
    }

    private Optional<String> contradiction() {
        if (mail && tiers.isEmpty()) {
            return Optional.of(name + " has no tiers: name its exchangers, or write mail: false");
        }
        if (!mail && !(tiers.isEmpty() && canary.isEmpty())) {
            return Optional.of(name + " takes no mail (mail: false), and yet has tiers or a canary: take them out");
        }
        if (recoveryObjective.toNanoseconds() <= 0) {
            return Optional.of("recoveryObjective of " + name + " must be longer than nothing");
        }
        Optional<String> queue = queueTrouble();
        if (queue.isPresent()) {
            return queue;
        }
        Optional<ExchangerSection> backup = tiers.stream()
                .flatMap(List::stream)
                .filter(e -> e.role() == ExchangerRole.BACKUP)
                .findFirst();
        if (backup.isEmpty() && canary.filter(CanarySection::contentSamples).isPresent()) {
            return Optional.of(name + " has no backup that canary.contentSamples could be handed to: take it out");
        }
        return backup.filter(b -> noBackup)
                .map(b -> name + " has no backup (noBackup: true), and yet " + b.host()
                        + " is declared as one: take one of the two out");
    }

    private Optional<String> queueTrouble() {
        List<DomainName> hosts = queues.stream()
                .map(QueueSection::host)
                // A name that is missing is told of as such.
                .filter(host -> host != null && !host.isBlank())
                .map(DomainName::parse)
                .toList();
        List<DomainName> exchangers = tiers.stream()
                .flatMap(List::stream)
                .map(ExchangerSection::host)
                .filter(host -> host != null && !host.isBlank())
                .map(DomainName::parse)
                .toList();
        Optional<String> stranger = hosts.stream()
                .filter(host -> !exchangers.contains(host))
                .map(host -> "queues of " + name + ": " + host + " is no exchanger in tiers; there are " + exchangers)
                .findFirst();
        return stranger.or(() -> hosts.stream()
                .filter(host -> hosts.indexOf(host) != hosts.lastIndexOf(host))
                .map(host -> "queues of " + name + ": " + host + " is named twice: take one of the two out")
                .findFirst());
    }

    private Mailbox inDomain(String address) {
        Mailbox mailbox = Addresses.mailbox("validRecipients of " + name, address);
        // A name that is missing is told of as such.
        boolean named = name != null && !name.isBlank();
        if (named && !mailbox.domainName().equals(Optional.of(DomainName.parse(name)))) {
            throw new IllegalArgumentException("validRecipients of " + name + ": " + address + " is of another domain");
        }
        return mailbox;
    }

    private SmtpIntent smtpIntent() {
        Stream<Mailbox> canaryRecipient = canary.stream().map(c -> c.settings().recipient());
        return new SmtpIntent(
                catchAll,
                defersWhilePrimaryUp,
                holdsUnknownRecipients,
                backupTakesSubmission,
                Stream.concat(canaryRecipient, validRecipients.stream().map(this::inDomain))
                        .distinct()
                        .toList());
    }

    /** Files that secrets of queues stand in. */
    public Stream<String> secretFiles() {
        return queues.stream().flatMap(QueueSection::secretFiles);
    }

    /** Whose mail is looked for in a queue. */
    public QueueScope queueScope(QueueSection queue, PrimarySight sight) {
        List<Mailbox> canaries = canary.stream()
                .map(CanarySection::settings)
                .flatMap(settings -> Stream.of(settings.recipient(), settings.sender()))
                .distinct()
                .toList();
        return new QueueScope(
                DomainName.parse(name), canaries, queue.retention().map(Duration::toJavaDuration), sight);
    }

    /** As the probes want it. */
    public MailDomain mailDomain() {
        return new MailDomain(
                DomainName.parse(name),
                tiers.stream()
                        .map(tier ->
                                tier.stream().map(ExchangerSection::exchanger).toList())
                        .toList(),
                new DeclaredIntent(
                        mail,
                        noBackup,
                        activeActive,
                        recoveryObjective.toJavaDuration(),
                        subdomains.stream().map(DomainName::parse).toList(),
                        smtpIntent()));
    }
}
