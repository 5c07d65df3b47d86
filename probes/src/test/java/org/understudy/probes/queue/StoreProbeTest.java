package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.StoreSnapshot;
import org.understudy.probes.StoreSnapshot.Fault;
import org.understudy.probes.StoreSource;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class StoreProbeTest {
    private static final DomainName SPOOL = new DomainName("mx2.test");
    private static final long MIB = 1024 * 1024;

    private static ProbeResult look(StoreSource source) {
        return new StoreProbe(SPOOL, source, Clock.systemUTC()).run(Deadline.after(Duration.ofSeconds(5)));
    }

    private static StoreSnapshot store(boolean accepting, long freeMib, long drift) {
        return new StoreSnapshot(
                accepting,
                accepting ? "ok" : "cannot write: disk I/O error",
                freeMib * MIB,
                256 * MIB,
                drift,
                "accepted 3 = queued 3",
                List.of(),
                List.of(),
                List.of());
    }

    private static StoreSnapshot with(List<Fault> durability, List<Fault> access, List<Fault> setAside) {
        return new StoreSnapshot(true, "ok", 9999 * MIB, 256 * MIB, 0, "none", durability, access, setAside);
    }

    @Test
    void healthyStore_isSilent() {
        ProbeResult result = look(() -> store(true, 512, 0));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts()).containsEntry("ledger", "accepted 3 = queued 3");
    }

    @ParameterizedTest
    @CsvSource({
        "false, 9999, 0, spool-refusing-mail, cannot write: disk I/O error",
        "false, 10, 0, spool-refusing-mail, takes no mail",
        "true, 511, 0, spool-disk-low, 511 MiB are free",
        "true, 9999, 2, spool-accounting-mismatch, 2 unit(s) were accepted and are neither waiting nor settled",
        "true, 9999, -1, spool-accounting-mismatch, 1 unit(s) are waiting or settled and were never accepted"
    })
    void trouble_isFound(boolean accepting, long free, long drift, String id, String words) {
        ProbeResult result = look(() -> store(accepting, free, drift));
        assertThat(result.findings()).hasSize(1);
        assertThat(result.findings().get(0).type().id()).isEqualTo(id);
        assertThat(result.findings().get(0).summary()).contains(words);
    }

    @Test
    void faultsOfTheDirectory_areFoundApart() {
        List<Fault> one = List.of(new Fault("here", "is wrong"));
        assertThat(ids(with(one, List.of(), List.of()))).containsExactly("spool-durability-disabled");
        assertThat(ids(with(List.of(), one, List.of()))).containsExactly("spool-access-insecure");
        assertThat(ids(with(List.of(), List.of(), one))).containsExactly("spool-corrupt-entry");
    }

    private static List<String> ids(StoreSnapshot store) {
        return look(() -> store).findings().stream().map(f -> f.type().id()).toList();
    }

    @Test
    void storeThatCannotBeLookedAt_isUnknown() {
        ProbeResult result = look(() -> {
            throw new IllegalStateException("no such directory");
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("no such directory");
    }
}
