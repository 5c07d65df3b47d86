package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.probes.canary.CanaryWorld.VIA_PRIMARY;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;

/** Samples in the canaries' mailbox. */
class SampleSweepTest {
    @TempDir
    Path directory;

    private CanaryWorld world;
    private Probe probe;

    @BeforeEach
    void begin() {
        world = CanaryWorld.in(directory);
        probe = world.viaPrimary();
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
    }

    @AfterEach
    void end() {
        world.close();
    }

    private static String message(String mark, int lines) {
        return "Received: by mx1.example.org id 1\r\nSubject: a sample\r\n" + SampleMark.HEADER + ": " + mark
                + "\r\n\r\n" + "a line of the sample\r\n".repeat(lines);
    }

    @Test
    void sampleOfOurs_isRemoved_howeverLargeItIs_andIsNoCanary() {
        world.put(
                "INBOX",
                message(
                        world.signer()
                                .sample("example.org/mx2.example.org/PLAIN")
                                .header(),
                        1));
        world.put(
                "INBOX",
                message(
                        world.signer()
                                .sample("example.org/mx2.example.org/LARGE")
                                .header(),
                        60_000));
        await().until(() -> world.count("INBOX") == 1);
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void sampleThatIsNotOurs_stays_andIsNoForgedCanary() {
        String mark = world.signer().sample("example.org/mx2.example.org/PLAIN").header();
        world.put("INBOX", message(mark.replace("/PLAIN", "/OTHER"), 1));
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
        assertThat(world.count("INBOX")).isEqualTo(3);
    }

    /** The signature of the one is of no use to the other. */
    @Test
    void markOfACanary_isNoMarkOfASample() {
        CanaryMark canary = world.signer().mark("example.org/mx1.example.org");
        assertThat(SampleMark.parse(canary.header())).isEmpty();
        world.put("INBOX", message(canary.header(), 1));
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
        assertThat(world.count("INBOX")).isEqualTo(3);
        assertThat(SampleMark.parse(world.signer().sample("x").header()))
                .hasValueSatisfying(
                        mark -> assertThat(world.signer().isOurs(mark)).isTrue());
    }
}
