package org.understudy.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;

/** What is found is at hand whether it can be stored or not, and it is known whether it can. */
class ResultsTest {
    private static final Instant THEN = Instant.ofEpochMilli(1_700_000_000_123L);

    @TempDir
    Path directory;

    private final AtomicBoolean sparing = new AtomicBoolean();
    private SqliteFiles files;
    private DataSource source;
    private Results results;

    @BeforeEach
    void open() {
        files = new SqliteFiles(directory);
        source = files.open("agent.db");
        results = Results.open(source, sparing::get, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static ProbeResult result(int second) {
        return result(second, Outcome.OK);
    }

    private static ProbeResult result(int second, Outcome outcome) {
        return new ProbeResult(
                "smtp/example.org/mx1",
                THEN.plusSeconds(second),
                Duration.ZERO,
                outcome,
                List.of(),
                "",
                Map.of(),
                Map.of(),
                "");
    }

    private void execute(String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Instant storedLast() {
        return Results.open(source, () -> false, Clock.systemUTC())
                .latest("smtp/example.org/mx1")
                .orElseThrow()
                .started();
    }

    @Test
    void resultThatCannotBeStored_isAtHand_andKnownNotToBeStored() {
        results.add(result(1));
        assertThat(results.trouble()).isEmpty();

        execute("ALTER TABLE latest_result RENAME TO gone");
        results.add(result(2));
        assertThat(results.latest("smtp/example.org/mx1")).contains(result(2));
        assertThat(results.trouble()).hasValueSatisfying(why -> assertThat(why).contains("no such table"));

        execute("ALTER TABLE gone RENAME TO latest_result");
        results.add(result(3));
        assertThat(results.trouble()).isEmpty();
        assertThat(storedLast()).isEqualTo(THEN.plusSeconds(3));
    }

    @Test
    void history_hasWhatIsNews_andASampleOfTheRest() throws SQLException {
        results.add(result(0));
        results.add(result(60));
        results.add(result(120, Outcome.SKIPPED));
        results.add(result(180));
        results.add(result(1079));
        results.add(result(1080));
        List<Long> seconds = new ArrayList<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT started FROM result ORDER BY started")) {
            while (rows.next()) {
                seconds.add((rows.getLong(1) - THEN.toEpochMilli()) / 1000);
            }
        }
        assertThat(seconds).containsExactly(0L, 120L, 180L, 1080L);
        assertThat(storedLast()).isEqualTo(THEN.plusSeconds(1080));
    }

    @Test
    void whileSpaceIsScarce_nothingIsStored() {
        results.add(result(1));
        sparing.set(true);
        results.add(result(2));
        assertThat(results.latest("smtp/example.org/mx1")).contains(result(2));
        assertThat(storedLast()).isEqualTo(THEN.plusSeconds(1));
    }
}
