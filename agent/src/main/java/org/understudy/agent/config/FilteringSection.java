package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;
import org.understudy.spool.FilterSettings;

/** Who is asked about a message before the spool takes it. */
public record FilteringSection(
        @JsonPropertyDescription("Where rspamd's normal worker listens, as http://127.0.0.1:11333. Default: not asked.")
        Optional<URI> rspamd,

        @JsonPropertyDescription(
                "DNS block lists that clients are looked up in, as bl.example.net; their owners may ask for a contract."
                        + " Default none.")
        List<String> blockLists,

        @JsonPropertyDescription("For all of it; what has not answered by then says nothing. 1s to 2m. Default 10s.")
        Duration time,

        @JsonPropertyDescription("The largest message that is looked into. Default 10MiB.")
        DataSize largest,

        @JsonPropertyDescription("Networks of clients whose mail is not looked at, as 192.0.2.0/24. Default none.")
        List<String> exempt) {
    private static final java.time.Duration SHORTEST = java.time.Duration.ofSeconds(1);
    /** A sender waits ten minutes for the reply to its content (RFC 5321 section 4.5.3.2.6), and a proxy may be in a greater hurry. */
    private static final java.time.Duration LONGEST = java.time.Duration.ofMinutes(2);

    public FilteringSection(
            Optional<URI> rspamd,
            @Nullable List<String> blockLists,
            @Nullable Duration time,
            @Nullable DataSize largest,
            @Nullable List<String> exempt) {
        this.rspamd = rspamd;
        this.blockLists = blockLists == null ? List.of() : List.copyOf(blockLists);
        this.time = time == null ? Duration.seconds(10) : time;
        this.largest = largest == null ? DataSize.mebibytes(10) : largest;
        this.exempt = exempt == null ? List.of() : List.copyOf(exempt);
        this.blockLists.forEach(DomainName::parse);
        this.exempt.forEach(Network::parse);
    }

    /**
     * As the spool wants it, but for the block lists.
     *
     * @throws InvalidConfigurationException if it cannot be, in one sentence
     */
    FilterSettings settings() {
        rspamd.filter(address -> !isServer(address)).ifPresent(address -> {
            // Not said again: it may have a password in it.
            throw new InvalidConfigurationException("spool.filtering.rspamd: not the address of a web server:"
                    + " write it as http://127.0.0.1:11333, without user and path.");
        });
        java.time.Duration limit = time.toJavaDuration();
        if (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0) {
            throw new InvalidConfigurationException("spool.filtering.time: " + time
                    + " is not between 1s and 2m: a sender waits for it at the end of every message.");
        }
        return new FilterSettings(
                rspamd,
                Optional.empty(),
                limit,
                largest.toBytes(),
                exempt.stream().map(Network::parse).toList());
    }

    private static boolean isServer(URI address) {
        boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        boolean bare = address.getRawPath() == null
                || address.getRawPath().isEmpty()
                || address.getRawPath().equals("/");
        return http && address.getHost() != null && address.getRawUserInfo() == null && bare;
    }

    /** Those that clients are looked up in. */
    public List<DomainName> lists() {
        return blockLists.stream().map(DomainName::parse).toList();
    }
}
