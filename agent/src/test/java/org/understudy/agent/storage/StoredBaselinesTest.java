package org.understudy.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.Baselines;
import org.understudy.probes.Baselines.Baseline;
import org.understudy.smtp.DomainName;

class StoredBaselinesTest {
    private static final DomainName DOMAIN = new DomainName("example.org");

    @Test
    void baseline_survivesARestart_andIsReplaced(@TempDir Path directory) {
        Instant then = Instant.ofEpochMilli(1_700_000_000_123L);
        Baseline first = new Baseline("MX 10 a.", then, "MX 10 a.", then);
        Baseline second = new Baseline("MX 10 a.", then, "MX 5 b.", then.plusSeconds(60));
        Baselines baselines = open(directory);
        assertThat(baselines.find(DOMAIN)).isEmpty();
        baselines.keep(DOMAIN, first);
        baselines.keep(new DomainName("example.net"), second);
        assertThat(open(directory).find(DOMAIN)).contains(first);
        baselines.keep(DOMAIN, second);
        assertThat(open(directory).find(DOMAIN)).contains(second);
    }

    private static Baselines open(Path directory) {
        return Results.open(new SqliteFiles(directory).open("agent.db"), () -> false, Clock.systemUTC())
                .baselines();
    }
}
