package org.understudy.probes.canary;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;
import org.understudy.probes.canary.storage.Forgery;
import org.understudy.probes.canary.storage.Sighting;

/** Decides what a message is that may be a canary, and tells the ledger. Thread-safe. */
final class Examiner {
    private static final Logger LOG = LoggerFactory.getLogger(Examiner.class);

    private final CanaryLedger ledger;
    private final CanarySigner signer;
    private final Map<String, CanaryPath> paths;
    private final Clock clock;

    Examiner(CanaryLedger ledger, CanarySigner signer, Map<String, CanaryPath> paths, Clock clock) {
        this.ledger = ledger;
        this.signer = signer;
        this.paths = paths;
        this.clock = clock;
    }

    void examine(ArrivedMessage message) {
        List<String> marks = message.header(CanaryMark.HEADER);
        if (marks.isEmpty()) {
            FailureNotice.read(message).filter(FailureNotice::isFailure).ifPresent(this::bounced);
            return;
        }
        Optional<CanaryMark> mark =
                marks.size() == 1 ? CanaryMark.parse(message.firstHeader(CanaryMark.HEADER)) : Optional.empty();
        if (mark.isEmpty()) {
            forged(message, "", "its mark cannot be read");
        } else if (!signer.isOurs(mark.get())) {
            forged(message, mark.get().path(), "its signature is not ours");
        } else {
            Optional<CanaryRow> row = ledger.find(mark.get().id());
            row.ifPresentOrElse(
                    known -> sighted(message, mark.get(), known),
                    () -> forged(message, mark.get().path(), "no canary of this id is expected"));
        }
    }

    private void bounced(FailureNotice notice) {
        for (FailureNotice.Candidate candidate : notice.candidates()) {
            ledger.find(candidate.id())
                    .filter(row -> row.token().equals(candidate.token()))
                    .ifPresent(row -> {
                        LOG.info("canary {} came back: {}", row.id(), notice.words());
                        ledger.bounced(row.id(), notice.words());
                    });
        }
    }

    private void sighted(ArrivedMessage message, CanaryMark mark, CanaryRow row) {
        TraceFields trace = message.trace();
        List<String> hops = trace.hops();
        Optional<CanaryPath> path = Optional.ofNullable(paths.get(mark.path()));
        Optional<String> objection = path.isEmpty()
                ? Optional.of("its exchanger is no longer configured")
                : path.flatMap(p -> p.objection(hops));
        String changes = String.join(", ", changes(message, mark, row, path));
        List<String> troubles = new ArrayList<>();
        objection.ifPresent(o -> troubles.add("It took another way: " + o + "."));
        if (!changes.isEmpty()) {
            troubles.add("It arrived changed: " + changes + ".");
        }
        if (message.junked()) {
            troubles.add("It lay in " + message.place().folder() + ".");
        }
        ledger.sighted(new Sighting(
                row.id(),
                message.place(),
                clock.instant(),
                trace.digest(),
                trace.fields(),
                hops,
                objection.isEmpty(),
                message.junked(),
                changes,
                Observation.of(message, mark, path),
                String.join(" ", troubles)));
    }

    private static List<String> changes(
            ArrivedMessage message, CanaryMark mark, CanaryRow row, Optional<CanaryPath> path) {
        List<String> changes = new ArrayList<>();
        if (!message.bodyDigest().equals(row.bodyHash())) {
            changes.add("body");
        }
        path.filter(p -> !message.firstHeader("Subject").equals(CanaryMessage.subject(mark, p)))
                .ifPresent(p -> changes.add("subject \"" + message.firstHeader("Subject") + "\""));
        if (!message.firstHeader("Message-ID").startsWith("<" + mark.label() + "@")) {
            changes.add("Message-ID");
        }
        return changes;
    }

    /** Older mail is left alone: it may be of an earlier installation whose key and ledger are gone. */
    private void forged(ArrivedMessage message, String path, String reason) {
        Optional<Instant> oldest = ledger.oldest();
        Instant arrived = message.arrivedAt().orElse(Instant.MAX);
        if (oldest.isEmpty() || arrived.isBefore(oldest.get().truncatedTo(ChronoUnit.SECONDS))) {
            return;
        }
        String identity = message.header(CanaryMark.HEADER) + message.trace().digest();
        LOG.warn("a canary in {} is forged: {}", message.place(), reason);
        ledger.forged(new Forgery(
                BodyDigest.hex(identity.getBytes(StandardCharsets.UTF_8)),
                message.place().mailbox(),
                path,
                reason,
                clock.instant()));
    }
}
