package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.understudy.interop.Report;

/** How long somebody waits who has nothing but the name of a domain: {@code understudy audit DOMAIN}, from the start of the program. */
final class Pace {
    private final World world;
    private final Path program;
    private final Report report;

    Pace(World world, Path program, Report report) {
        this.world = world;
        this.program = program;
        this.report = report;
    }

    /** The healthy one is done in 3 s; the one of which two servers are silent in 15, and both are named. */
    void measure(Set<String> labels) throws IOException {
        measure("plain." + Places.TOP, Duration.ofSeconds(3), List.of());
        String silent = "half-silent";
        if (labels.contains(silent)) {
            String domain = silent + "." + Places.TOP;
            measure(domain, Duration.ofSeconds(15), List.of("mx2." + domain, "ns3." + domain));
        }
    }

    private void measure(String domain, Duration limit, List<String> named) throws IOException {
        Path directory = world.directory();
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "audit",
                        domain,
                        "--resolver",
                        Places.RESOLVER + ":53",
                        "--trust-anchors",
                        Configuration.trustAnchors(directory).toString(),
                        "--ca",
                        directory.resolve("certificates/authority.pem").toString(),
                        "--ehlo",
                        "agent." + Places.TOP)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = Commands.join(process);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        boolean wellTold = code == (named.isEmpty() ? 0 : 2) && named.stream().allMatch(said::contains);
        boolean good = wellTold && took.compareTo(limit) < 0;
        report.check(
                good,
                String.format(
                        Locale.ROOT,
                        "audit %s, without a configuration: %.1f s, less than %d, exit code %d",
                        domain,
                        took.toMillis() / 1000.0,
                        limit.toSeconds(),
                        code));
        if (!good) {
            report.say(said);
        }
    }
}
