package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.QueueCommand;
import org.understudy.probes.QueueEndpoint;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSource;
import org.understudy.probes.QueueSources;

/** The queue of another mail server, and one way to look at it. */
public record QueueSection(
        @NotBlank @JsonPropertyDescription("The exchanger whose queue it is; one of the tiers.")
        String host,

        @JsonPropertyDescription(
                "How long that server keeps mail, as its maximal_queue_lifetime says; 5d in most. Default: not known, and not judged.")
        Optional<Duration> retention,

        @JsonPropertyDescription("The time that one look may take; then it is broken off. 1s to 5m. Default 30s.")
        Duration timeLimit,

        @Valid @JsonPropertyDescription("Postfix 3.1 or later: what postqueue -j prints.")
        Optional<QueueCommandSection> postfix,

        @Valid @JsonPropertyDescription("Exim: what exim -bp prints.")
        Optional<QueueCommandSection> exim,

        @Valid @JsonPropertyDescription("Haraka: what haraka -c DIRECTORY --qlist prints.")
        Optional<QueueCommandSection> haraka,

        @Valid
        @JsonPropertyDescription("Any server: a page of metrics for Prometheus. It counts for this domain alone.")
        Optional<QueuePageSection> prometheus,

        @Valid @JsonPropertyDescription("Any server: a page in JSON. It counts for this domain alone.")
        Optional<QueuePageSection> json) {
    private static final java.time.Duration SHORTEST = java.time.Duration.ofSeconds(1);
    private static final java.time.Duration LONGEST = java.time.Duration.ofMinutes(5);

    public QueueSection(
            String host,
            Optional<Duration> retention,
            @Nullable Duration timeLimit,
            Optional<QueueCommandSection> postfix,
            Optional<QueueCommandSection> exim,
            Optional<QueueCommandSection> haraka,
            Optional<QueuePageSection> prometheus,
            Optional<QueuePageSection> json) {
        this.host = host;
        this.retention = retention;
        this.timeLimit = timeLimit == null ? Duration.seconds(30) : timeLimit;
        this.postfix = postfix;
        this.exim = exim;
        this.haraka = haraka;
        this.prometheus = prometheus;
        this.json = json;
        long sources = Stream.of(postfix, exim, haraka, prometheus, json)
                .filter(Optional::isPresent)
                .count();
        if (sources != 1) {
            throw new IllegalArgumentException(
                    "the queue of " + host + " has " + (sources == 0 ? "no" : "more than one")
                            + " source: give one of postfix, exim, haraka, prometheus and json, as \"postfix: {}\"");
        }
        retention.filter(kept -> kept.toNanoseconds() <= 0).ifPresent(kept -> {
            throw new IllegalArgumentException(
                    "the retention of the queue of " + host + " must be longer than nothing");
        });
    }

    /** The time that one look may take. */
    public java.time.Duration limit() {
        java.time.Duration limit = timeLimit.toJavaDuration();
        if (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0) {
            throw new InvalidConfigurationException(
                    "domains.queues.timeLimit: " + timeLimit + " is not between 1s and 5m.");
        }
        return limit;
    }

    /**
     * As the probe wants it. Nothing is looked at yet.
     *
     * @throws InvalidConfigurationException if it cannot be, in one sentence
     */
    public QueueSource source(QueueScope scope, Clock clock) {
        Optional<QueueCommand> command = command("postfix", postfix, QueueCommand.Server.POSTFIX)
                .or(() -> command("exim", exim, QueueCommand.Server.EXIM))
                .or(() -> command("haraka", haraka, QueueCommand.Server.HARAKA));
        return command.map(c -> QueueSources.of(c, scope, clock))
                .or(() -> page("prometheus", prometheus, QueueEndpoint.Format.PROMETHEUS)
                        .or(() -> page("json", json, QueueEndpoint.Format.JSON))
                        .map(p -> QueueSources.of(p, scope, clock)))
                .orElseThrow();
    }

    private Optional<QueueCommand> command(
            String key, Optional<QueueCommandSection> section, QueueCommand.Server server) {
        return section.map(s -> s.settings("domains.queues." + key, server, limit()));
    }

    private Optional<QueueEndpoint> page(String key, Optional<QueuePageSection> section, QueueEndpoint.Format format) {
        return section.map(s -> s.settings("domains.queues." + key, format, limit()));
    }

    /** Files that secrets stand in. */
    public Stream<String> secretFiles() {
        return Stream.of(prometheus, json).flatMap(Optional::stream).map(QueuePageSection::authorizationFile);
    }
}
