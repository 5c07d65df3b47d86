package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores another checker beside the audit, on the same domains. */
final class Comparison {
    private static final String MARK = "<!-- made by interop/gauntlet --table -->\n";
    private static final int AT_ONCE = 2;
    /** A domain about which there is nothing to say; what the other says of it, it says of all. */
    private static final String PLAIN = "plain";

    private final World world;
    private final Audit audit;
    private final Map<Domain, Set<String>> others = new LinkedHashMap<>();

    Comparison(World world, Audit audit) {
        this.world = world;
        this.audit = audit;
    }

    /** Asks the other checker about every domain. */
    void run(Zonemaster other) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<Domain, Future<Set<String>>> running = new LinkedHashMap<>();
            world.numbers().keySet().forEach(d -> running.put(d, workers.submit(() -> other.complaints(d))));
            for (Map.Entry<Domain, Future<Set<String>>> one : running.entrySet()) {
                others.put(one.getKey(), one.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** Puts the tables into a document, in the place of those that were there. */
    void write(Path document) throws IOException {
        String text = Files.exists(document) ? Files.readString(document) : MARK;
        int mark = text.indexOf(MARK);
        String kept = mark < 0 ? text + MARK : text.substring(0, mark + MARK.length());
        Files.writeString(document, kept + "\n" + summary() + "\n" + broken() + "\n" + healthy());
    }

    /** What the other says of a domain and not of every domain. */
    private Set<String> own(Domain domain) {
        Set<String> tags = new TreeSet<>(others.getOrDefault(domain, Set.of()));
        others.forEach((d, common) -> {
            if (d.label().equals(PLAIN)) {
                tags.removeAll(common);
            }
        });
        return tags;
    }

    private String summary() {
        List<Domain> broken = world.domains(d -> !d.isHealthy());
        List<Domain> healthy = world.domains(Domain::isHealthy);
        long ours = broken.stream().filter(this::isFound).count();
        long theirs = broken.stream().filter(d -> !own(d).isEmpty()).count();
        return "| | understudy audit | zonemaster-cli |\n| --- | --- | --- |\n"
                + row(
                        "broken domains about which it complains",
                        ours + " of " + broken.size(),
                        theirs + " of " + broken.size())
                + row(
                        "healthy domains about which it complains",
                        count(healthy, d -> !alarms(d).isEmpty()),
                        count(healthy, d -> !own(d).isEmpty()));
    }

    private static String count(List<Domain> domains, Predicate<Domain> which) {
        return domains.stream().filter(which).count() + " of " + domains.size();
    }

    private boolean isFound(Domain domain) {
        return domain.seeded().stream().allMatch(audit.of(domain)::has);
    }

    private Set<String> alarms(Domain domain) {
        return audit.of(domain).findings().stream()
                .filter(Audit.Found::isAlarm)
                .map(Audit.Found::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String broken() {
        return "| broken domain | what is wrong | understudy audit | zonemaster-cli |\n| --- | --- | --- | --- |\n"
                + rows(world.domains(d -> !d.isHealthy()).stream(), this::brokenRow);
    }

    private String brokenRow(Domain domain) {
        String found = domain.seeded().stream()
                .map(id -> (audit.of(domain).has(id) ? "" : "not found: ") + id.split(" ", 2)[0])
                .collect(Collectors.joining(", "));
        return row(domain.label(), domain.what(), found, tags(own(domain)));
    }

    private String healthy() {
        return "| healthy domain | what is odd | understudy audit | zonemaster-cli |\n| --- | --- | --- | --- |\n"
                + rows(
                        world.domains(Domain::isHealthy).stream(),
                        d -> row(d.label(), d.what(), tags(alarms(d)), tags(own(d))));
    }

    private static String rows(Stream<Domain> domains, Function<Domain, String> row) {
        return domains.map(row).collect(Collectors.joining());
    }

    private static String tags(Set<String> tags) {
        return tags.isEmpty() ? "nothing" : String.join(", ", tags);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
