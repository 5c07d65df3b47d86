package org.understudy.probes.canary;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;
import org.understudy.probes.canary.storage.NewCanary;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Sends a canary through one exchanger, waits a while for it, and tells what is known of it and of its forerunners. */
final class CanaryProbe implements Probe {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryProbe.class);

    private final CanaryPath path;
    private final Workshop workshop;
    private final MailboxReads reads;
    private final AtomicInteger turn = new AtomicInteger();

    /** What all probes of canaries share. */
    record Workshop(
            CanaryLedger ledger,
            CanarySigner signer,
            AddressLookup addresses,
            Injector injector,
            Settlement settlement,
            CanaryFindings findings,
            ArrivalSignal signal,
            Clock clock) {}

    CanaryProbe(CanaryPath path, Workshop workshop, MailboxReads reads) {
        this.path = path;
        this.workshop = workshop;
        this.reads = reads;
    }

    @Override
    public String id() {
        return "canary/" + path.text();
    }

    @Override
    public DomainName domain() {
        return path.domain().name();
    }

    @Override
    public ProbeResult run(Deadline deadline) {
        Run run = new Run();
        try {
            workshop.settlement().forget();
            run.look(deadline);
        } catch (RuntimeException e) {
            LOG.error("the canary probe {} failed", id(), e);
            run.conclude(Outcome.UNKNOWN, "The canary could not be followed: " + e + ".");
        }
        return run.result();
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    /** One run; used once, on one thread. */
    private final class Run {
        private final Instant started = workshop.clock().instant();
        private final long begun = System.nanoTime();
        private final Map<String, Double> measurements = new LinkedHashMap<>();
        private final Map<String, String> facts = new LinkedHashMap<>();
        private List<Finding> findings = List.of();
        private Outcome outcome = Outcome.UNKNOWN;
        private String cause = "";
        private String transcript = "";

        void look(Deadline deadline) {
            List<InetAddress> addresses;
            try {
                addresses =
                        rotated(workshop.addresses().addresses(path.exchanger().host()));
            } catch (IOException e) {
                judge(
                        Outcome.UNKNOWN,
                        "The addresses of " + host() + " could not be found out: " + e.getMessage() + ".");
                return;
            }
            if (addresses.isEmpty()) {
                judge(Outcome.SKIPPED, host() + " has no address.");
                return;
            }
            CanaryMessage message = new CanaryMessage(workshop.signer().mark(path.text()), path);
            String id = message.mark().id();
            record(message);
            Injector.Injection injection = inject(message, addresses, deadline);
            CanaryState state = injection.injected().state();
            if (state == CanaryState.ACCEPTED || state == CanaryState.AMBIGUOUS) {
                Deadline patience = Deadline.after(deadline.cap(path.settings().patience()));
                workshop.signal().await(() -> isDecided(id), patience);
            }
            workshop.settlement().settle(path, reads);
            CanaryRow row = workshop.ledger()
                    .find(id)
                    .orElseThrow(() -> new IllegalStateException("canary " + id + " is not in the ledger"));
            describe(row);
            judge(row);
        }

        private void record(CanaryMessage message) {
            CanaryMark mark = message.mark();
            workshop.ledger()
                    .create(new NewCanary(
                            mark.id(),
                            path.domain().name(),
                            path.exchanger().host(),
                            path.text(),
                            path.mailbox(),
                            path.exchanger().role() == Role.BACKUP,
                            mark.token(),
                            mark.createdAt(),
                            message.bodyDigest()));
        }

        private Injector.Injection inject(CanaryMessage message, List<InetAddress> addresses, Deadline deadline) {
            long offered = System.nanoTime();
            Injector.Injection injection = workshop.injector().inject(message, addresses, deadline);
            measurements.put("injection_seconds", (System.nanoTime() - offered) / 1e9);
            transcript = injection.transcript();
            workshop.ledger().injected(message.mark().id(), injection.injected());
            return injection;
        }

        private boolean isDecided(String id) {
            return workshop.ledger()
                    .find(id)
                    .filter(row -> row.isSeen() || row.state() == CanaryState.BOUNCED)
                    .isPresent();
        }

        private void describe(CanaryRow row) {
            facts.put("canary", row.id());
            facts.put("address", row.address());
            facts.put("reply", row.reply());
            facts.put("state", row.state().name());
            facts.put("hops", String.join(" → ", row.hops()));
            facts.put("folder", row.folder());
            facts.put("latency", row.latency().map(l -> seconds(l) + " s").orElse(""));
            facts.values().removeIf(String::isEmpty);
            row.latency().ifPresent(l -> measurements.put("delivery_seconds", l.toMillis() / 1000.0));
        }

        private void judge(CanaryRow row) {
            switch (row.state()) {
                case SEEN, DUPLICATED, HELD -> judge(Outcome.OK, "");
                case DEFERRED ->
                    judge(
                            Outcome.SKIPPED,
                            row.offered()
                                    ? host() + " refused the canary for now: " + row.trouble() + "."
                                    : host() + " could not be reached: " + row.trouble() + ".");
                case AMBIGUOUS ->
                    judge(
                            Outcome.UNKNOWN,
                            "The reply to the final dot was not read, so the canary may or may not have been taken: "
                                    + row.trouble() + ".");
                default -> judge(Outcome.UNKNOWN, underWay());
            }
        }

        private String underWay() {
            if (!reads.trouble().isEmpty()) {
                return "The mailbox " + path.mailbox() + " cannot be read: " + reads.trouble() + ".";
            }
            return "The canary was accepted and is still on its way after "
                    + seconds(path.settings().patience()) + " s.";
        }

        /** What stands against the path outweighs what this run came to. */
        private void judge(Outcome otherwise, String why) {
            findings = workshop.findings().of(path);
            if (findings.isEmpty()) {
                conclude(otherwise, why);
            } else {
                outcome = Outcome.FINDING;
            }
        }

        void conclude(Outcome what, String why) {
            findings = List.of();
            outcome = what;
            cause = why;
        }

        private List<InetAddress> rotated(List<InetAddress> addresses) {
            List<InetAddress> ordered = new ArrayList<>(addresses);
            ordered.sort(Comparator.comparing(a -> HexFormat.of().formatHex(a.getAddress())));
            if (!ordered.isEmpty()) {
                Collections.rotate(ordered, -Math.floorMod(turn.getAndIncrement(), ordered.size()));
            }
            return ordered;
        }

        private String host() {
            return path.exchanger().host().text();
        }

        ProbeResult result() {
            return new ProbeResult(
                    id(),
                    started,
                    Duration.ofNanos(System.nanoTime() - begun),
                    outcome,
                    findings,
                    cause,
                    measurements,
                    facts,
                    transcript);
        }
    }
}
