package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.understudy.interop.Options;
import org.understudy.interop.Report;

/**
 * Stages an internet on the loopback device of a network of its own, lets {@code understudy audit} look at all of its domains in one
 * run, and compares what it says with what was seeded. Options: {@code --work DIRECTORY}, {@code --understudy PROGRAM},
 * {@code --only WORDS} that labels of domains have in them, {@code --table FILE} for the comparison with another checker.
 */
public final class GauntletProof {
    private static final int EXIT_CRITICAL = 2;

    private final Report report = new Report("gauntlet");

    private GauntletProof() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("work", "understudy", "only", "table"));
        GauntletProof proof = new GauntletProof();
        proof.run(
                Path.of(options.text("work", "")),
                Path.of(options.text("understudy", "")),
                domains(options.text("only", "")),
                options.text("table", ""));
        proof.report.end();
    }

    private static List<Domain> domains(String only) {
        List<Domain> all = new ArrayList<>(HealthyDomains.all());
        all.addAll(DnsFaults.all());
        all.addAll(SmtpFaults.all());
        all.addAll(TlsFaults.tls());
        all.addAll(TlsFaults.policy());
        all.addAll(DaneDomains.all());
        // The control host and the backup of others have to be there.
        Set<String> needed = Set.of("plain", "provider");
        return only.isEmpty()
                ? all
                : all.stream()
                        .filter(d -> needed.contains(d.label())
                                || List.of(only.split(",", -1)).contains(d.label()))
                        .toList();
    }

    private void run(Path work, Path understudy, List<Domain> domains, String table) throws IOException {
        long begun = System.nanoTime();
        World world = new World(work, domains);
        try (NameServers servers = new NameServers(world);
                MailHosts hosts = new MailHosts(world.certificates());
                PostfixHosts postfix = new PostfixHosts(world)) {
            servers.start();
            postfix.start();
            for (Map.Entry<Domain, Integer> entry : world.numbers().entrySet()) {
                hosts.start(entry.getKey(), entry.getValue());
            }
            servers.await();
            report.say(domains.size() + " domains, " + hosts.count() + " scripted hosts, "
                    + world.domains(Domain::isReal).size() + " domains at Postfix: made in " + since(begun));
            begun = System.nanoTime();
            Audit audit = Audit.run(world, understudy);
            report.say("audited in " + since(begun));
            report.check(audit.exitCode() == EXIT_CRITICAL, "exit code " + audit.exitCode());
            world.domains(Domain::isHealthy).forEach(domain -> healthy(domain, audit.of(domain)));
            world.domains(Predicate.not(Domain::isHealthy)).forEach(domain -> broken(domain, audit.of(domain)));
            new Pace(world, understudy, report)
                    .measure(domains.stream().map(Domain::label).collect(Collectors.toSet()));
            if (!table.isEmpty()) {
                begun = System.nanoTime();
                Comparison comparison = new Comparison(world, audit);
                comparison.run(new Zonemaster(world));
                comparison.write(Path.of(table));
                report.say("compared in " + since(begun));
            }
        }
    }

    private static String since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s";
    }

    /** Nothing may be said of it, and nothing left unseen. */
    private void healthy(Domain domain, Audit.Seen seen) {
        List<String> complaints = new ArrayList<>();
        seen.findings().stream().filter(Audit.Found::isAlarm).forEach(f -> complaints.add(f.toString()));
        seen.unknown().forEach((probe, why) -> {
            if (!domain.mayBeUnseenBy(probe)) {
                complaints.add(probe + " unknown: " + why);
            }
        });
        verdict("healthy " + domain.label() + ", " + domain.what(), complaints);
    }

    /** What was seeded is found, and no alarm is raised about anything else. */
    private void broken(Domain domain, Audit.Seen seen) {
        List<String> complaints = new ArrayList<>();
        for (String id : domain.seeded()) {
            if (!seen.has(id)) {
                complaints.add("not found: " + id);
            }
        }
        seen.findings().stream()
                .filter(Audit.Found::isAlarm)
                .filter(f -> !isMeant(domain, f))
                .forEach(f -> complaints.add("imagined: " + f));
        if (complaints.stream().anyMatch(c -> c.startsWith("not found"))) {
            seen.findings().forEach(f -> complaints.add("instead: " + f));
            seen.unknown().forEach((probe, why) -> complaints.add(probe + " unknown: " + why));
        }
        verdict(domain.label() + ", " + domain.what() + ": " + String.join(", ", domain.seeded()), complaints);
    }

    private static boolean isMeant(Domain domain, Audit.Found found) {
        return domain.seeded().stream().map(id -> id.split(" ", 2)[0]).anyMatch(found::is)
                || domain.consequences().stream().anyMatch(found::is);
    }

    private void verdict(String what, List<String> complaints) {
        report.check(complaints.isEmpty(), what);
        Optional.of(complaints.stream().map(c -> "    " + c).collect(Collectors.joining("\n")))
                .filter(text -> !text.isEmpty())
                .ifPresent(report::say);
    }
}
