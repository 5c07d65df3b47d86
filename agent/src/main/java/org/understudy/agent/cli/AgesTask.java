package org.understudy.agent.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueAges;
import org.understudy.spool.SpoolReader;

/** {@code understudy spool ages}: how many recipients of each domain wait, by age. */
final class AgesTask implements SpoolTask {
    private final Clock clock;

    AgesTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "ages";
    }

    @Override
    public String description() {
        return "Counts recipients that are not settled by domain and age; a column holds those up to so many minutes old";
    }

    @Override
    public String list() {
        return "domains";
    }

    @Override
    public void configure(Subparser parser) {
        // Nothing but what all have.
    }

    private record Element(String domain, long total, List<Long> classes) {}

    private record Result(List<Long> limitsInMinutes) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) {
        QueueAges ages;
        try (SpoolReader reader = SpoolReader.open(place.directory())) {
            ages = reader.ages(QueueAges.USUAL_LIMITS, clock.instant());
            reader.requireUndisturbed();
        }
        Map<DomainName, List<Long>> domains = new TreeMap<>(ages.domains());
        int width =
                domains.keySet().stream().mapToInt(d -> d.text().length()).max().orElse(0);
        String columns = ages.limits().stream()
                .map(limit -> String.format("%7d", limit.toMinutes()))
                .collect(Collectors.joining());
        String head = String.format("%" + Math.max(6, width) + "s %8s%s%8s", "domain", "total", columns, "older");
        boolean[] said = {false};
        domains.forEach((domain, classes) -> {
            long total = classes.stream().mapToLong(Long::longValue).sum();
            String line = String.format(
                    "%" + Math.max(6, width) + "s %8d%s",
                    domain.text(),
                    total,
                    classes.stream().map(n -> String.format("%7d", n)).collect(Collectors.joining()));
            output.entry(
                    (said[0] ? "" : head + System.lineSeparator()) + line, new Element(domain.text(), total, classes));
            said[0] = true;
        });
        output.end(
                domains.isEmpty() ? "nothing waits" : "",
                new Result(ages.limits().stream().map(Duration::toMinutes).toList()));
        return 0;
    }
}
