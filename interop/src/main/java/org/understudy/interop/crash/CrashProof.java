package org.understudy.interop.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.mail.Sink;
import org.understudy.interop.mail.SpoolChild;

/** Kills a spool at random moments, round after round, and looks after some rounds whether all that was acknowledged arrived. */
public final class CrashProof {
    private static final int ROUNDS_PER_CHECK = 25;
    private static final int CLIENTS = 12;
    private static final int LARGE_BYTES = 256 * 1024;
    private static final int LONGEST_LOAD_MILLIS = 2500;
    private static final Duration DRAIN = Duration.ofMinutes(4);
    private static final List<Integer> SEGMENT_BYTES = List.of(256 * 1024, 1024 * 1024, 8 * 1024 * 1024);

    private final Path work;
    private final long seed;
    private final Random random;
    private final Report report;
    private final Sink sink = new Sink();
    private final AtomicInteger numbers = new AtomicInteger();
    private Tally tally = new Tally();
    private long startMillis = 1000;
    private int round;
    private int killsAtStart;
    private int killsInDrain;
    private int indexesLost;
    private long acknowledged;
    private long duplicates;

    private CrashProof(Path work, long seed, Report report) throws IOException {
        this.work = work;
        this.seed = seed;
        this.random = new Random(seed);
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("rounds", "seed", "seconds", "work"));
        Report report = new Report("crash");
        long seed = options.number("seed", System.nanoTime() % 1_000_000);
        report.say("seed " + seed);
        CrashProof proof = new CrashProof(Path.of(options.text("work", "")).toAbsolutePath(), seed, report);
        proof.run(
                options.number("rounds", Long.MAX_VALUE),
                options.number("seconds", options.number("rounds", 0) > 0 ? Long.MAX_VALUE / 1_000_000_000 : 120));
        report.end();
    }

    private void run(long rounds, long seconds) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        boolean good = true;
        while (good && round < rounds && System.nanoTime() - begun < seconds * 1_000_000_000) {
            for (int i = 0;
                    i < ROUNDS_PER_CHECK && round < rounds && System.nanoTime() - begun < seconds * 1_000_000_000;
                    i++) {
                round++;
                round();
            }
            good = check();
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        report.say(String.format(
                "%d rounds, %d kills at the start, %d while handing on, %d indexes lost; %d messages acknowledged (%d a"
                        + " minute), %d handed on twice, each in flight at a kill or cut",
                round,
                killsAtStart,
                killsInDrain,
                indexesLost,
                acknowledged,
                acknowledged * 60_000 / Math.max(1, millis),
                duplicates));
    }

    /** One life of the spool, and its violent end. */
    private void round() throws IOException, InterruptedException {
        if (random.nextInt(6) == 0) {
            loseIndex();
        }
        boolean drains = random.nextInt(3) > 0;
        if (drains) {
            sink.open();
        } else {
            sink.shut();
            tally.cut();
        }
        SpoolChild spool = start();
        int kind = random.nextInt(7);
        if (kind == 0) {
            // Somewhere between the start of the machine code and the first message handed on.
            spool.live(Duration.ofMillis(startMillis / 3 + random.nextInt((int) startMillis)));
            killsAtStart++;
            kill(spool);
            return;
        }
        long begun = System.nanoTime();
        int port = spool.awaitPort();
        startMillis = Math.min(5_000, (startMillis + (System.nanoTime() - begun) / 1_000_000) / 2 + 1);
        if (kind == 1 && drains) {
            spool.live(Duration.ofMillis(random.nextInt(300)));
            killsInDrain++;
            kill(spool);
            return;
        }
        Load load = new Load(port, new Load.Plan(seed, numbers, CLIENTS, round), tally);
        spool.live(Duration.ofMillis(random.nextInt(LONGEST_LOAD_MILLIS)));
        kill(spool);
        load.stop();
    }

    private SpoolChild start() throws IOException {
        return new SpoolChild(new SpoolChild.Settings(
                work.resolve("spool"),
                sink.port(),
                SEGMENT_BYTES.get(random.nextInt(SEGMENT_BYTES.size())),
                LARGE_BYTES,
                List.of(),
                work.resolve("log").toFile()));
    }

    private void kill(SpoolChild spool) throws InterruptedException {
        spool.kill();
        tally.cut();
    }

    private void loseIndex() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(work.resolve("spool/index.db" + suffix));
        }
        indexesLost++;
    }

    /** Lets everything arrive and holds it against what was acknowledged. */
    private boolean check() throws IOException, InterruptedException {
        sink.open();
        SpoolChild.Status status;
        try (SpoolChild spool = start()) {
            spool.awaitPort();
            status = spool.awaitEmpty(DRAIN);
        }
        Map<String, List<Sink.Arrival>> arrivals = sink.take();
        Tally.Verdict verdict = tally.judge(arrivals);
        acknowledged += tally.acknowledged();
        duplicates += verdict.duplicates();
        boolean good = verdict.isGood() && status.queued() == 0 && status.balanced();
        report.check(
                good,
                "up to round " + round + ": " + tally.acknowledged() + " acknowledged, "
                        + verdict.lost().size()
                        + " lost, " + verdict.altered().size() + " altered, " + verdict.duplicates() + " twice, "
                        + status.queued() + " still queued, ledger "
                        + (status.balanced() ? "balanced" : "NOT balanced"));
        if (!good) {
            complain("lost", verdict.lost());
            complain("altered", verdict.altered());
            complain("unexplained", verdict.unexplained());
            complain("refused for good", verdict.refused());
            report.say("seed " + seed + ", round " + round + ", health: " + status.detail());
        }
        tally = new Tally();
        return good;
    }

    private void complain(String what, List<String> messages) {
        messages.stream().limit(20).forEach(message -> report.say(what + ": " + message));
    }
}
