package org.understudy.interop.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.understudy.interop.faults.Subject.Sent;
import org.understudy.interop.mail.Sender;
import org.understudy.interop.mail.Sink;
import org.understudy.interop.mail.SpoolChild;
import org.understudy.interop.recording.SystemCall;

/** One fault, and all that must hold during and after it. Used once. */
final class Trial {
    private static final Duration LASTING = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);

    private final Subject subject;
    private final Fault fault;
    private final Path output;
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private List<SystemCall> hits = List.of();
    private int duplicates;

    Trial(Subject subject, Fault fault, Path output) {
        this.subject = subject;
        this.fault = fault;
        this.output = output;
    }

    void run() throws IOException, InterruptedException {
        SpoolChild spool = subject.prepare();
        try (Tracer tracer = new Tracer(
                fault.target().threads(spool.pid()),
                fault.target().paths(subject.directory()),
                List.of("-e", "trace=" + fault.call(), "-e", fault.injection()),
                output)) {
            long end = System.nanoTime() + (fault.isLasting() ? LASTING.toNanos() : 0);
            do {
                sendAll(spool);
                spool.live(SpoolChild.LOOK_EVERY);
            } while (System.nanoTime() < end);
            tracer.detach();
            hits = tracer.calls().stream().filter(SystemCall::isInjected).toList();
        }
        awaitRecovery(spool);
        awaitDrained(spool);
        judge();
    }

    private void sendAll(SpoolChild spool) throws IOException, InterruptedException {
        List<Sent> answers = subject.script(fault.target());
        sent.addAll(answers);
        long longest = answers.stream().mapToLong(Sent::millis).max().orElse(0);
        if (longest > LONGEST_ANSWER.toMillis()) {
            troubles.add("an answer took " + longest + " ms");
        }
        boolean lastRefused = answers.get(answers.size() - 1).isRefused();
        if (lastRefused && fault.target().isOfCommits()) {
            SpoolChild.Status status = spool.status();
            if (status.accepting() || status.detail().length() < 10) {
                troubles.add("mail is refused, but the health says " + status);
            }
        }
    }

    private void awaitRecovery(SpoolChild spool) throws IOException, InterruptedException {
        long end = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            Sent probe = subject.small();
            sent.add(probe);
            SpoolChild.Status status = spool.status();
            if (probe.isAccepted() && status.accepting()) {
                return;
            }
            if (System.nanoTime() > end) {
                troubles.add("does not recover within " + RECOVERY.toSeconds() + " s: " + status);
                return;
            }
            spool.live(SpoolChild.LOOK_EVERY);
        }
    }

    private void awaitDrained(SpoolChild spool) throws IOException, InterruptedException {
        SpoolChild.Status status = spool.awaitEmpty(DRAIN);
        if (status.queued() > 0) {
            troubles.add(status.queued() + " units are still queued after " + DRAIN.toSeconds() + " s");
        }
        if (!status.balanced()) {
            troubles.add("the ledger is not balanced");
        }
    }

    private void judge() {
        for (Sent message : sent) {
            for (String address : message.mail().addresses()) {
                List<Sink.Arrival> arrived = subject.nextHop().arrivals(address);
                String trouble = trouble(message, arrived);
                if (!trouble.isEmpty()) {
                    troubles.add(address + " " + trouble);
                } else if (arrived.size() > 1) {
                    duplicates++;
                }
            }
        }
        // While no outcome can be recorded at all, twice is better than never.
        if (duplicates > 0 && !fault.isLasting()) {
            troubles.add(duplicates + " messages were handed on twice");
        }
    }

    private String trouble(Sent message, List<Sink.Arrival> arrived) {
        Sender.Answer answer = message.answer();
        if (arrived.stream()
                .anyMatch(a -> !a.sha256().equals(message.mail().content().sha256()))) {
            return "is altered";
        }
        if (answer == null) {
            boolean hitsASocket = hits.stream().anyMatch(hit -> hit.path(0).startsWith("socket:"));
            return hitsASocket ? "" : "got no answer: " + message.trouble();
        }
        if (answer.isAccepted()) {
            return arrived.isEmpty() ? "is lost" : "";
        }
        if (!answer.isTransient()) {
            return "was refused for good: " + answer.text();
        }
        return arrived.isEmpty() ? "" : "was handed on although it was answered " + answer.text();
    }

    /** The calls that failed; none if the workload did not come so far. */
    List<SystemCall> hits() {
        return hits;
    }

    List<String> troubles() {
        return troubles;
    }

    int duplicates() {
        return duplicates;
    }

    long refused() {
        return sent.stream().filter(Sent::isRefused).count();
    }
}
