package org.understudy.interop.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.understudy.interop.JavaProcess;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.recording.Recording;

/**
 * Power loss before and after every sync of a workload and at every acknowledgement. Then the same with syncs that do nothing,
 * which must lose mail, or this proof proves nothing.
 */
public final class PowerProof {
    private static final String CALLS =
            "openat,openat2,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,"
                    + "fallocate,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,fsync,"
                    + "fdatasync,sync,syncfs,sync_file_range,msync,mmap,copy_file_range,sendfile,splice,close,dup,dup2,dup3,lseek,"
                    + "io_uring_setup," + Recording.FORKS;
    private static final List<String> FIRST_LIFE =
            List.of("open", "transit:90", "close", "open", "traffic:60", "transit:40", "halt:50");
    private static final List<String> SECOND_LIFE =
            List.of("open", "traffic:40", "large", "close", "lose-index", "open", "traffic:40", "transit:20", "close");
    private static final long WORKLOAD_SECONDS = 120;
    private static final int VARIANTS = 8;
    private static final int CONTROL_VARIANTS = 4;

    private final Path work;
    private final long seed;
    private final Report report;

    private PowerProof(Path work, long seed, Report report) {
        this.work = work;
        this.seed = seed;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("seed", "points", "work"));
        Report report = new Report("power");
        long seed = options.number("seed", System.nanoTime() % 1_000_000);
        report.say("seed " + seed);
        PowerProof proof = new PowerProof(Path.of(options.text("work", "")).toAbsolutePath(), seed, report);
        Recording recording = proof.record("honest", List.of());
        proof.honest(recording, (int) options.number("points", 0));
        proof.control("no sync of a segment does anything", "honest", recording, path -> !path.endsWith(".seg"));
        proof.control(
                "no sync of a large message's file does anything", "honest", recording, path -> !path.endsWith(".tmp"));
        proof.control("no sync of a directory does anything", "honest", recording, path -> path.contains("."));
        proof.control(
                "strace makes every sync return at once",
                "control",
                proof.record("control", List.of("-e", "inject=fsync,fdatasync:retval=0")),
                path -> true);
        report.end();
    }

    private void honest(Recording recording, int morePlaces) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Simulation simulation = simulation("honest", recording, path -> true, VARIANTS, false, morePlaces);
        report.say(simulation.figures() + ", in " + (System.nanoTime() - begun) / 1_000_000_000 + " s");
        simulation.violations().stream().limit(20).forEach(report::say);
        simulation.differences().stream().limit(20).forEach(report::say);
        report.check(simulation.syncs() >= 300, simulation.syncs() + " sync points, at least 300");
        report.check(
                simulation.differences().isEmpty(),
                "the model's disk and the real one are the same, octet for octet, after each process");
        report.check(
                simulation.violations().isEmpty(),
                "nothing acknowledged is lost or altered, nothing settled comes back, every ledger balances ("
                        + simulation.violations().size() + " states in which that is not so)");
    }

    private void control(String what, String name, Recording recording, Predicate<String> obeys)
            throws IOException, InterruptedException {
        Simulation simulation = simulation(name, recording, obeys, CONTROL_VARIANTS, true, 0);
        report.say("control: " + what + ": " + simulation.figures());
        report.check(
                !simulation.violations().isEmpty(),
                "control: " + what + ", and that is noticed (in "
                        + simulation.violations().size() + " states)");
    }

    private Simulation simulation(
            String name, Recording recording, Predicate<String> obeys, int variants, boolean isControl, int morePlaces)
            throws IOException, InterruptedException {
        Path place = work.resolve(name);
        Simulation simulation = new Simulation(
                recording,
                new Disk(place.resolve("base"), obeys),
                new Simulation.Settings(
                        work.resolve("states"),
                        List.of(place.resolve("after-1"), place.resolve("after-2")),
                        seed,
                        variants,
                        isControl,
                        morePlaces));
        simulation.run();
        return simulation;
    }

    /** Runs the workload's two processes, one after the other, under strace. */
    private Recording record(String name, List<String> straceOptions) throws IOException, InterruptedException {
        Path place = work.resolve(name);
        Path base = Files.createDirectories(place.resolve("base"));
        List<Path> recordings = new ArrayList<>();
        int life = 0;
        for (List<String> steps : List.of(FIRST_LIFE, SECOND_LIFE)) {
            life++;
            Path file = place.resolve("life-" + life + ".strace");
            List<String> command = new ArrayList<>(List.of(
                    "strace",
                    "-f",
                    "--seccomp-bpf",
                    "-y",
                    "-xx",
                    "-s",
                    "16777216",
                    "-e",
                    "trace=" + CALLS,
                    "-e",
                    "signal=none",
                    "-o",
                    file.toString()));
            command.addAll(straceOptions);
            List<String> words =
                    new ArrayList<>(List.of(base.resolve("data/spool").toString(), Long.toString(seed * 10 + life)));
            words.addAll(steps);
            command.addAll(JavaProcess.command(StoreWorkload.class, List.of("-XX:+UseSerialGC"), words));
            boolean halts = steps.get(steps.size() - 1).startsWith("halt");
            run(command, place.resolve("life-" + life + ".out"), halts ? 9 : 0);
            StateDirectory.copy(base, place.resolve("after-" + life));
            recordings.add(file);
        }
        return Recording.read(recordings);
    }

    private static void run(List<String> command, Path output, int expected) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(WORKLOAD_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw new IOException("the workload did not end within " + WORKLOAD_SECONDS + " s");
        }
        if (process.exitValue() != expected) {
            throw new IOException("the workload ended with " + process.exitValue() + ", " + expected + " expected");
        }
    }
}
