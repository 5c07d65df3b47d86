package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TestAuthority;
import org.understudy.spool.LaneState;
import org.understudy.spool.QueueId;

/** Mail waits for the right next hop, and never goes in the clear instead. */
class VerifiedNextHopTest {
    private static final TestAuthority OURS = TestAuthority.named("our authority");

    @TempDir
    Path directory;

    private ForwardingWorld world() {
        return ForwardingWorld.verified(
                directory, new ServerTrust(Optional.of("mx.test"), List.of(OURS.certificate()), Set.of()));
    }

    @Test
    void rightServer_getsTheMail() {
        try (ForwardingWorld world = world()) {
            world.primary.tls(OURS.issue("dns:mx.test").context());
            world.queue("a");
            world.awaitForwarded(1);
        }
    }

    @Test
    void wrongServer_getsNothing_andTheLaneSaysWhatDoesNotFit() {
        try (ForwardingWorld world = world()) {
            world.primary.tls(OURS.issue("dns:mx9.test").context());
            QueueId id = world.queue("a");
            world.awaitState(LaneState.FROZEN);
            assertThat(world.lane().lastError().orElseThrow())
                    .contains("its certificate is not for mx.test but for mx9.test");
            assertThat(world.fate(id, 0)).isEqualTo("UNTOUCHED");
            assertThat(world.primary.commands()).noneMatch(c -> c.startsWith("MAIL"));

            world.primary.tls(OURS.issue("dns:mx.test").context());
            world.thaw();
            world.awaitForwarded(1);
        }
    }

    @Test
    void serverWithoutTls_getsNothing() {
        try (ForwardingWorld world = world()) {
            QueueId id = world.queue("a");
            world.awaitState(LaneState.FROZEN);
            assertThat(world.lane().lastError().orElseThrow()).contains("STARTTLS is not offered");
            assertThat(world.fate(id, 0)).isEqualTo("UNTOUCHED");
            assertThat(world.primary.commands()).noneMatch(c -> c.startsWith("MAIL"));
        }
    }
}
