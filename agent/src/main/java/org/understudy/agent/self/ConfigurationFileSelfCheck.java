package org.understudy.agent.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether the agent runs what stands in its configuration file. Thread-safe. */
public final class ConfigurationFileSelfCheck implements SelfCheck {
    /** Whoever changes it wants to restart the agent next. */
    private static final Duration STAGED = Duration.ofMinutes(10);

    private final Path file;
    private final String running;
    private final Clock clock;

    /** @param running the text that was read at the start */
    public ConfigurationFileSelfCheck(Path file, String running, Clock clock) {
        this.file = file;
        this.running = running;
        this.clock = clock;
    }

    @Override
    public void look(ResultBuilder result) {
        difference()
                .ifPresent(why -> result.finding(Finding.of(
                        FindingType.AGENT_CONFIG_DRIFT,
                        "configuration",
                        "The agent does not run what stands in " + file + ": " + why,
                        Map.of(file.toString(), why))));
    }

    private Optional<String> difference() {
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            if (changed.plus(STAGED).isAfter(clock.instant())
                    || Files.readString(file).equals(running)) {
                return Optional.empty();
            }
            return Optional.of("it was changed at " + changed + ", and the agent not restarted since");
        } catch (IOException e) {
            return Optional.of("it cannot be read any more: " + e.getMessage());
        }
    }
}
