package org.understudy.bench.domains;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * One agent that watches many domains, each with a primary and a backup, at the intervals as shipped. Arguments: the agent's jar; a
 * directory with {@code servers.p12}, whose password is "changeit", and {@code authority.pem}; domains; servers of each kind that they
 * share; minutes; threads of the agent; milliseconds until a server greets; file for the results.
 */
public final class DomainsBenchmark {
    private static final Ports PORTS = new Ports(2953, 2954, 8490, 8491);
    private static final int HEAP_MEGABYTES = 192;
    private static final int SESSIONS_PER_SERVER = 2;
    private static final double LATEST_SECONDS = 5;
    private static final double CPU_PERCENT = 30;
    private static final double RESIDENT_MEBIBYTES = 400;
    private static final double MEBI = 1024.0 * 1024;

    private final Path jar;
    private final Path directory;
    private final World world;
    private final int minutes;
    private final int threads;
    private final Duration greetingDelay;

    private DomainsBenchmark(String... arguments) {
        this.jar = Path.of(arguments[0]);
        this.directory = Path.of(arguments[1]);
        this.world = new World(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        this.minutes = Integer.parseInt(arguments[4]);
        this.threads = Integer.parseInt(arguments[5]);
        this.greetingDelay = Duration.ofMillis(Long.parseLong(arguments[6]));
    }

    public static void main(String[] arguments) throws Exception {
        Report report = new DomainsBenchmark(arguments).measure();
        System.out.println(report.table());
        Files.writeString(Path.of(arguments[7]), report.json());
        System.exit(report.isMissed() ? 3 : 0);
    }

    private Report measure() throws Exception {
        Path configuration = directory.resolve("config.yml");
        AgentConfigurationFile.write(configuration, world, PORTS, threads);
        try (NameServers names = new NameServers(world, PORTS.dns());
                MailServers mail = new MailServers(world, PORTS.smtp(), tls(), greetingDelay)) {
            long begun = System.nanoTime();
            try (WatchedAgent agent = WatchedAgent.start(jar, configuration, HEAP_MEGABYTES, PORTS.admin())) {
                System.out.printf(Locale.ROOT, "  the agent answers after %.1f s%n", since(begun));
                return watch(agent, names, mail);
            }
        }
    }

    private Report watch(WatchedAgent agent, NameServers names, MailServers mail)
            throws IOException, InterruptedException {
        Course course = new Course(agent);
        for (int minute = 1; minute <= minutes; minute++) {
            System.out.println(course.minute(minute));
        }
        Report report = new Report();
        report.add("domains", "domains", world.domains(), "");
        report.add("servers", "servers of each kind", world.servers(), "");
        report.add("threads_configured", "probes.threads", threads, "");
        rhythm(report, course);
        costs(report, course);
        double seconds = course.seconds();
        report.add("sessions", "SMTP sessions a second", mail.count() / seconds, "/s");
        report.add("per_server", "sessions with one server at a time", mail.most(), "", SESSIONS_PER_SERVER);
        report.add("questions", "DNS questions a second", names.questions() / seconds, "/s");
        report.add("unknown", "runs that came to no result", course.last().outcomes("unknown"), "");
        report.add(
                "findings",
                "runs that found a fault, where there is none",
                course.last().outcomes("finding"),
                "",
                0);
        return report;
    }

    private void rhythm(Report report, Course course) {
        double seconds = course.seconds();
        report.add("round", "a round of every exchanger takes", seconds * 2 * world.domains() / course.looks(), "s");
        report.add("runs", "runs of all probes a second", course.runs() / seconds, "/s");
        report.add("late_p50", "a run begins late, half of them at most", course.latenessBound(0.5), "s");
        report.add("late_p99", "99 of 100 at most", course.latenessBound(0.99), "s");
        report.add("late_all", "all of them at most", course.latenessBound(1), "s", LATEST_SECONDS);
        report.add("late_max", "the latest for lack of a thread", course.startDelay(), "s", LATEST_SECONDS);
    }

    private void costs(Report report, Course course) throws IOException {
        report.add("cpu", "CPU, of one core", course.cpuPercent(), "%", CPU_PERCENT);
        report.add("resident", "resident, at most", course.residentMebibytes(), "MiB", RESIDENT_MEBIBYTES);
        report.add("heap", "heap in use, at most seen", course.heapMebibytes(), "MiB");
        report.add("threads", "threads, at most seen", course.threads(), "");
        report.add("disk", "data directory", size(directory.resolve("data")) / MEBI, "MiB");
    }

    private static long size(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private SSLContext tls() throws GeneralSecurityException, IOException {
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve("servers.p12"))) {
            keys.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
