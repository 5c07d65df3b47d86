package org.understudy.probes.queue.listing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSnapshot;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/** Reads listings for the tests: of example.org, at noon. */
final class Listed {
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private Listed() {}

    static QueueScope scope() {
        return new QueueScope(
                new DomainName("example.org"),
                List.of(new Mailbox("canary", "example.org")),
                Optional.of(Duration.ofDays(5)),
                Optional::empty);
    }

    static QueueSnapshot read(Listing listing, String text) throws IOException {
        Tally tally = new Tally(scope(), NOW);
        listing.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), tally);
        return tally.snapshot("");
    }

    static Optional<Instant> ago(Duration age) {
        return Optional.of(NOW.minus(age));
    }
}
