package org.understudy.interop.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.mail.SpoolChild;
import org.understudy.interop.recording.SystemCall;

/** Lets each storage call fail in turn, in each way it can. */
public final class FaultsProof {
    /** The ways in which each call can fail that a store makes. */
    private static final Map<String, List<String>> ERRORS = Map.ofEntries(
            Map.entry("write", List.of("EIO", "ENOSPC", "EROFS")),
            Map.entry("pwrite64", List.of("EIO", "ENOSPC", "EROFS")),
            Map.entry("fsync", List.of("EIO", "ENOSPC", "EROFS")),
            Map.entry("fdatasync", List.of("EIO", "ENOSPC", "EROFS")),
            Map.entry("openat", List.of("EIO", "ENOSPC", "EROFS", "EMFILE")),
            Map.entry("ftruncate", List.of("EIO", "EROFS")),
            Map.entry("rename", List.of("EIO", "ENOSPC", "EROFS")),
            Map.entry("unlink", List.of("EIO", "EROFS")),
            Map.entry("dup", List.of("EMFILE")),
            Map.entry("read", List.of("EIO")),
            Map.entry("pread64", List.of("EIO")),
            Map.entry("getdents64", List.of("EIO")),
            Map.entry("lseek", List.of("EIO")),
            Map.entry("close", List.of("EIO")));
    /** Calls that no socket and no loading of a class makes: only these can fail always where paths are not known before. */
    private static final Set<String> ONLY_OF_FILES = Set.of("fsync", "fdatasync", "ftruncate", "rename", "unlink");

    /** Of calls that are made very often on one target, the first ones. */
    private static final int MOST_OF_A_KIND = 8;

    private static final int TRIALS_PER_LIFE = 20;
    private static final Duration LAST_DRAIN = Duration.ofSeconds(10);

    private final Path work;
    private final long seed;
    private final Report report;

    private FaultsProof(Path work, long seed, Report report) {
        this.work = work;
        this.seed = seed;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("sample", "seed", "work"));
        Report report = new Report("faults");
        long seed = options.number("seed", System.nanoTime() % 1_000_000);
        report.say("seed " + seed);
        new FaultsProof(Path.of(options.text("work", "")).toAbsolutePath(), seed, report)
                .run((int) options.number("sample", Integer.MAX_VALUE));
        report.end();
    }

    private void run(int sample) throws IOException, InterruptedException {
        try (Subject subject = new Subject(work.resolve("spool"), work.resolve("log"), seed)) {
            List<Fault> faults = enumerate(subject);
            report.say(faults.size() + " faults are possible");
            Collections.shuffle(faults, new Random(seed));
            Map<String, Integer> reached = new TreeMap<>();
            int missed = 0;
            int trials = 0;
            long refused = 0;
            int duplicates = 0;
            for (Fault fault : faults.subList(0, Math.min(sample, faults.size()))) {
                if (++trials % TRIALS_PER_LIFE == 0) {
                    restart(subject, trials);
                }
                Trial trial = new Trial(subject, fault, work.resolve("trial.strace"));
                trial.run();
                refused += trial.refused();
                duplicates += trial.duplicates();
                missed += trial.hits().isEmpty() ? 1 : 0;
                if (!trial.hits().isEmpty()) {
                    reached.merge(fault.call() + " on " + fault.target() + ": " + fault.error(), 1, Integer::sum);
                }
                report.count(trial.troubles().isEmpty());
                if (!trial.troubles().isEmpty()) {
                    report.say("FAILED  " + fault + ": " + String.join("; ", trial.troubles()));
                    subject.kill();
                }
            }
            reached.forEach((what, times) -> report.say(what + " x " + times));
            report.say(trials + " trials, of which " + missed + " came to their end before the call was made; "
                    + refused + " messages answered 4yz, " + duplicates
                    + " handed on twice while no outcome could be recorded");
            report.check(reached.size() > 10 || sample < 20, "faults of " + reached.size() + " kinds were met");
            afterwards(subject);
        }
    }

    /** Runs the script undisturbed and makes a list of all that could fail in it. */
    private List<Fault> enumerate(Subject subject) throws IOException, InterruptedException {
        List<Fault> faults = new ArrayList<>();
        for (Target target : Target.values()) {
            SpoolChild spool = subject.prepare();
            List<SystemCall> calls;
            try (Tracer tracer = new Tracer(
                    target.threads(spool.pid()),
                    target.paths(subject.directory()),
                    List.of("-e", "trace=" + String.join(",", ERRORS.keySet())),
                    work.resolve("calls.strace"))) {
                subject.script(target);
                tracer.detach();
                calls = tracer.calls();
            }
            Map<String, Integer> counts = new TreeMap<>();
            Map<String, Integer> byThread = new TreeMap<>();
            Map<String, Integer> chosen = new TreeMap<>();
            for (SystemCall call : calls) {
                counts.merge(call.name(), 1, Integer::sum);
                int when = byThread.merge(call.thread() + call.name(), 1, Integer::sum);
                boolean ours = call.path(0).startsWith(subject.directory().toString())
                        || call.text(0).startsWith(subject.directory().toString())
                        || call.text(1).startsWith(subject.directory().toString());
                if (ours && chosen.merge(call.name(), 1, Integer::sum) <= MOST_OF_A_KIND) {
                    for (String error : ERRORS.getOrDefault(call.name(), List.of())) {
                        faults.add(new Fault(target, call.name(), error, when));
                    }
                }
            }
            for (String name : chosen.keySet()) {
                if (!target.isExact() && !ONLY_OF_FILES.contains(name)) {
                    continue;
                }
                for (String error : ERRORS.getOrDefault(name, List.of())) {
                    faults.add(new Fault(target, name, error, Fault.ALWAYS));
                }
            }
            report.say(target + ": " + counts);
        }
        return new ArrayList<>(new LinkedHashSet<>(faults));
    }

    /** In order and by a kill in turns: both must find everything as it was. */
    private void restart(Subject subject, int trials) throws IOException, InterruptedException {
        if (trials / TRIALS_PER_LIFE % 2 == 0) {
            subject.kill();
        } else {
            subject.stop();
        }
        subject.spool();
    }

    /** After all that, an index made anew from the segments must not send anything again. */
    private void afterwards(Subject subject) throws IOException, InterruptedException {
        subject.stop();
        long before = subject.nextHop().count();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(subject.directory().resolve("index.db" + suffix));
        }
        long queued = subject.spool().status().queued();
        Subject.Sent last = subject.small();
        subject.spool().awaitEmpty(LAST_DRAIN);
        report.check(
                queued == 0 && last.isAccepted() && subject.nextHop().count() == before + 1,
                "with the index lost as well, nothing is sent again (" + queued + " units queued after the start)");
    }
}
