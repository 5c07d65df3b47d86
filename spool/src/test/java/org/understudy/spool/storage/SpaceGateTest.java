package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When mail is deferred because the disk is full, and when it is taken again. */
class SpaceGateTest {
    private static final Duration OFTEN = Duration.ofMillis(50);

    @TempDir
    Path temporary;

    /** A gate whose file system says of its inodes what stands in a file. */
    private SpaceGate gate(StoreDirectory directory, long reserve) {
        return new SpaceGate(
                directory,
                reserve,
                InodeWatch.by(List.of("cat", temporary.resolve("inodes").toString()), OFTEN));
    }

    private void inodes(long free, long total) throws IOException {
        Files.writeString(temporary.resolve("inodes"), free + " " + total + "\n");
    }

    private static void awaitOpen(SpaceGate gate, boolean open) {
        await().atMost(Duration.ofSeconds(20)).until(() -> gate.isOpen() == open);
    }

    @Test
    void inodes_closeAtTheReserve_openATenthAbove() throws IOException {
        try (StoreDirectory directory = StoreDirectory.open(temporary.resolve("spool"))) {
            SpaceGate gate = gate(directory, 0);
            inodes(50_000, 1_000_000);
            awaitOpen(gate, true);
            inodes(9_999, 1_000_000);
            awaitOpen(gate, false);
            assertThat(gate.health().accepting()).isFalse();
            assertThat(gate.health().detail())
                    .isEqualTo("the file system has 9999 of 1000000 inodes left, the reserve is 10000");
            inodes(10_999, 1_000_000);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gate.health().detail().contains("10999"));
            assertThat(gate.isOpen()).isFalse();
            inodes(11_000, 1_000_000);
            awaitOpen(gate, true);
            assertThat(gate.health().detail()).isEqualTo("ok");
        }
    }

    @Test
    void inodesThatCannotBeCounted_doNotLimit() throws IOException {
        try (StoreDirectory directory = StoreDirectory.open(temporary.resolve("spool"))) {
            SpaceGate gate = gate(directory, 0);
            inodes(5, 1_000_000);
            awaitOpen(gate, false);
            Files.delete(temporary.resolve("inodes"));
            awaitOpen(gate, true);
            SpaceGate without = new SpaceGate(directory, 0, InodeWatch.by(List.of("no-such-command-here"), OFTEN));
            assertThat(without.isOpen()).isTrue();
        }
    }

    @Test
    void bothLacking_areBothSaid() throws IOException {
        try (StoreDirectory directory = StoreDirectory.open(temporary.resolve("spool"))) {
            SpaceGate gate = gate(directory, Long.MAX_VALUE / 2);
            inodes(5, 1_000_000);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gate.health().detail().contains("inodes left"));
            assertThat(gate.health().detail()).contains("bytes left, the reserve is", "; the file system has 5 of");
        }
    }

    @Test
    void reserve_isAHundredth_butNeverLessThanAThousand() {
        assertThat(new FreeInodes(0, 50_000).reserve()).isEqualTo(1_000);
        assertThat(new FreeInodes(0, 6_553_600).reserve()).isEqualTo(65_536);
    }

    @Test
    void parse_twoNumbers() {
        assertThat(FreeInodes.parse("6010203 6553600\n")).contains(new FreeInodes(6_010_203, 6_553_600));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 0", "12", "a b", "-1 10", "1 2 3", "99999999999999999999 1"})
    void parse_whatIsOfNoUse_isUnknown(String said) {
        assertThat(FreeInodes.parse(said)).isEqualTo(Optional.empty());
    }

    @Test
    void thisMachine_isUnderstood() throws Exception {
        assertThat(InodeWatch.now(temporary)).hasValueSatisfying(inodes -> {
            assertThat(inodes.free()).isPositive().isLessThanOrEqualTo(inodes.total());
        });
    }
}
