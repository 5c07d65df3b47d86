package org.understudy.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.HostHistory;
import org.understudy.probes.HostHistory.Change;
import org.understudy.probes.HostHistory.State;

class StoredHostHistoryTest {
    private static final Instant THEN = Instant.ofEpochMilli(1_700_000_000_123L);

    /** Whoever reads it cannot tell where it is kept, except by a restart. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void changes_areKeptInOrder_andOnlyTheLast(boolean stored, @TempDir Path directory) {
        HostHistory history = stored ? open(directory) : HostHistory.inMemory();
        assertThat(history.changes("smtp/a")).isEmpty();
        for (int i = 0; i < HostHistory.KEPT + 5; i++) {
            history.add("smtp/a", new Change(THEN.plusSeconds(i), i % 2 == 0 ? State.ANSWERING : State.SILENT));
        }
        history.add("smtp/b", new Change(THEN, State.HALF_UP));
        HostHistory read = stored ? open(directory) : history;
        assertThat(read.changes("smtp/a")).hasSize(HostHistory.KEPT);
        assertThat(read.changes("smtp/a").get(0)).isEqualTo(new Change(THEN.plusSeconds(5), State.SILENT));
        assertThat(read.changes("smtp/b")).containsExactly(new Change(THEN, State.HALF_UP));
    }

    private static HostHistory open(Path directory) {
        return Results.open(new SqliteFiles(directory).open("agent.db"), () -> false, Clock.systemUTC())
                .hostHistory();
    }
}
