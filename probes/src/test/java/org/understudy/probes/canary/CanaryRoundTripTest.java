package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.canary.CanaryWorld.DOMAIN;
import static org.understudy.probes.canary.CanaryWorld.MX1;
import static org.understudy.probes.canary.CanaryWorld.MX2;
import static org.understudy.probes.canary.CanaryWorld.VIA_BACKUP;
import static org.understudy.probes.canary.CanaryWorld.VIA_PRIMARY;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;

class CanaryRoundTripTest {
    @TempDir
    Path directory;

    private CanaryWorld world;

    @BeforeEach
    void begin() {
        world = CanaryWorld.in(directory);
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void primaryPath_canaryDelivered_isOkWithProof() {
        ProbeResult result = world.runDelivered(world.viaPrimary(), world.mx1, VIA_PRIMARY);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.probeId()).isEqualTo("canary/example.org/mx1.example.org");
        assertThat(result.measurements()).containsKeys("injection_seconds", "delivery_seconds");
        assertThat(result.facts()).containsEntry("hops", "mx1.example.org").containsEntry("folder", "INBOX");
        assertThat(result.facts().get("reply")).contains("queued as S0");
        assertThat(result.transcript()).contains("MAIL FROM:<probe+");
        CanaryEvidence proof = world.canaries().latestConfirmed(DOMAIN, MX1).orElseThrow();
        assertThat(proof.state()).isEqualTo(CanaryState.SEEN);
        assertThat(proof.hops()).containsExactly("mx1.example.org");
        assertThat(proof.pathProven()).isTrue();
        assertThat(proof.latency()).isPresent();
        assertThat(proof.trouble()).isEmpty();
    }

    @Test
    void backupPath_canaryForwarded_isOkWithBothHops() {
        ProbeResult result = world.runDelivered(world.viaBackup(), world.mx2, VIA_BACKUP);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(world.latest(MX2).hops()).containsExactly(VIA_BACKUP);
        assertThat(world.canaries().recent(DOMAIN, 10)).hasSize(1);
        assertThat(world.canaries().latest(DOMAIN, MX1)).isEmpty();
    }
}
