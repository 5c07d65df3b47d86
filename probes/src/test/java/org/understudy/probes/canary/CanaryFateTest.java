package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.probes.canary.CanaryWorld.DOMAIN;
import static org.understudy.probes.canary.CanaryWorld.MX1;
import static org.understudy.probes.canary.CanaryWorld.MX2;
import static org.understudy.probes.canary.CanaryWorld.VIA_BACKUP;
import static org.understudy.probes.canary.CanaryWorld.VIA_PRIMARY;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.ScriptedServer;

/** What becomes of canaries that do not simply arrive. */
class CanaryFateTest {
    private static final Duration SHORT = Duration.ofMillis(300);

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

    private static void assertOnly(ProbeResult result, FindingType type) {
        assertThat(result.findings())
                .as(result.toString())
                .extracting(Finding::type)
                .containsExactly(type);
    }

    /** Runs until the mailbox was read after the clock was put forward. */
    private ProbeResult runUntil(Probe probe, FindingType type) {
        world.patience(SHORT);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            ProbeResult result = CanaryWorld.run(probe);
            return result.findings().stream().anyMatch(f -> f.type() == type);
        });
        return CanaryWorld.run(probe);
    }

    @Test
    void notYetSeen_isUnknown() {
        ProbeResult result = CanaryWorld.run(world.patience(SHORT).viaPrimary());

        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("still on its way");
    }

    @Test
    void loginRefused_isUnknownAndNamesTheMailbox() {
        world.wrongPassword();
        Probe probe = world.patience(SHORT).viaPrimary();
        await().until(() -> CanaryWorld.run(probe).cause().contains("the login of canary was refused"));

        ProbeResult result = CanaryWorld.run(probe);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("canary@127.0.0.1");
        assertThat(result.toString()).doesNotContain("guessed");
    }

    @Test
    void mailboxUnreadable_longOverdue_isNeverLost() {
        world.wrongPassword();
        Probe probe = world.patience(SHORT).viaPrimary();
        CanaryWorld.run(probe);
        world.clock.advance(Duration.ofHours(3));

        assertThat(CanaryWorld.run(probe).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    /** What we could not record is unknown, neither late nor lost. */
    @Test
    void arrivalThatCannotBeRecorded_isUnknown_andFoundWhenItCan() {
        Probe probe = world.withFolder("Junk").patience(SHORT).viaPrimary();
        CanaryWorld.run(probe);
        world.diskFull(true);
        world.deliver("INBOX", world.received(world.mx1, 0), VIA_PRIMARY);
        world.clock.advance(Duration.ofHours(3));
        await().during(Duration.ofSeconds(1)).until(() -> {
            ProbeResult result = CanaryWorld.run(probe);
            return result.outcome() == Outcome.UNKNOWN && result.findings().isEmpty();
        });
        assertThat(world.mx1.messages())
                .as("none is sent that could not be told from a forged one")
                .hasSize(1);

        world.diskFull(false);
        await().until(() -> world.latest(MX1).state() == CanaryState.SEEN);
        ProbeResult result =
                world.runDelivered(world.patience(Duration.ofSeconds(20)).viaPrimary(), world.mx1, VIA_PRIMARY);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void restartWhileUnderWay_isStillFound() {
        CanaryWorld.run(world.patience(SHORT).viaPrimary());
        world.restart();
        world.deliver("INBOX", world.received(world.mx1, 0), VIA_PRIMARY);
        Probe probe = world.viaPrimary();

        await().until(() -> world.latest(MX1).state() == CanaryState.SEEN);
        assertThat(world.canaries().latestConfirmed(DOMAIN, MX1)).isPresent();
        assertThat(probe.id()).isEqualTo("canary/example.org/mx1.example.org");
    }

    @Test
    void restartAfterSighting_rescanMakesNoDuplicate() {
        world.runDelivered(world.viaPrimary(), world.mx1, VIA_PRIMARY);
        world.restart();
        ProbeResult result = world.runDelivered(world.viaPrimary(), world.mx1, VIA_PRIMARY);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void mailboxReplaced_sameUidOfAnotherMessage_isFound() {
        Probe probe = world.viaPrimary();
        world.runDelivered(probe, world.mx1, VIA_PRIMARY);
        world.replaceMailbox();
        ProbeResult result = world.runDelivered(probe, world.mx1, VIA_PRIMARY);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void overdue_isDelayedThenLost_untilALaterOneArrives() {
        Probe probe = world.withFolder("Junk").patience(SHORT).viaPrimary();
        CanaryWorld.run(probe);
        world.clock.advance(Duration.ofMinutes(6));
        assertOnly(runUntil(probe, FindingType.CANARY_DELAYED), FindingType.CANARY_DELAYED);
        world.clock.advance(Duration.ofMinutes(31));
        ProbeResult lost = runUntil(probe, FindingType.CANARY_LOST);

        assertThat(lost.findings().get(0).type()).isEqualTo(FindingType.CANARY_LOST);
        assertThat(lost.findings().get(0).evidence()).containsKeys("reply", "queue id", "mailbox");
        probe = world.patience(Duration.ofSeconds(20)).viaPrimary();
        int before = world.mx1.messages().size();
        CompletableFuture<ProbeResult> run = CanaryWorld.start(probe);
        world.deliver("INBOX", world.received(world.mx1, before), VIA_PRIMARY);
        assertThat(run.join().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void lostOne_arrivesAfterAll_isSeenAndDelayed() {
        Probe probe = world.patience(SHORT).viaPrimary();
        CanaryWorld.run(probe);
        world.clock.advance(Duration.ofMinutes(31));
        runUntil(probe, FindingType.CANARY_LOST);
        int sent = world.mx1.messages().size();
        for (int i = 0; i < sent; i++) {
            world.deliver("INBOX", world.received(world.mx1, i), VIA_PRIMARY);
        }
        await().until(() -> world.canaries().recent(DOMAIN, 100).stream().allMatch(c -> c.state() == CanaryState.SEEN));

        assertThat(world.canaries().recent(DOMAIN, 100).get(sent - 1).latency().orElseThrow())
                .isGreaterThan(Duration.ofMinutes(30));
    }

    @Test
    void heldForHours_isNeitherLateNorLost_andSeenAfterRelease() {
        world.heldIds.add("S0");
        Probe probe = world.patience(SHORT).viaBackup();
        ProbeResult held = CanaryWorld.run(probe);
        assertThat(held.outcome()).isEqualTo(Outcome.OK);
        assertThat(held.facts()).containsEntry("state", "HELD");
        world.heldIds.add("S1");
        world.clock.advance(Duration.ofHours(3));
        assertThat(CanaryWorld.run(probe).outcome()).isEqualTo(Outcome.OK);
        assertThat(world.canaries().recent(DOMAIN, 9))
                .extracting(c -> c.state())
                .containsExactly(CanaryState.HELD, CanaryState.HELD);

        world.heldIds.clear();
        world.deliver("INBOX", world.received(world.mx2, 0), VIA_BACKUP);
        world.deliver("INBOX", world.received(world.mx2, 1), VIA_BACKUP);
        await().until(() -> world.canaries().recent(DOMAIN, 9).stream()
                .allMatch(c -> c.state() == CanaryState.SEEN
                        && c.latency().orElseThrow().compareTo(Duration.ofMinutes(1)) < 0));
        assertThat(CanaryWorld.run(probe).findings()).isEmpty();
    }

    @Test
    void backupOfAnother_primaryDown_isNotLost() {
        world.mx1.pause();
        Probe primary = world.patience(SHORT).viaPrimary();
        Probe backup = world.viaBackup();
        assertThat(CanaryWorld.run(primary).outcome()).isEqualTo(Outcome.SKIPPED);
        CanaryWorld.run(backup);
        world.clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            // Long enough for the mailbox to be read twice.
            assertThat(CanaryWorld.run(backup).outcome()).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void unreachable_isSkippedWithCause() {
        world.mx1.pause();
        ProbeResult result = CanaryWorld.run(world.viaPrimary());

        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.cause()).contains("mx1.example.org could not be reached");
        assertThat(world.latest(MX1).state()).isEqualTo(CanaryState.DEFERRED);
    }

    @Test
    void severalAddresses_takeTurns_andADeadOneIsPassedOver() throws UnknownHostException {
        InetAddress live = InetAddress.getLoopbackAddress();
        InetAddress dead = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        Probe probe = world.addresses(live, dead).viaPrimary();

        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).transcript())
                .doesNotContain("127.0.0.2");
        ProbeResult second = world.runDelivered(probe, world.mx1, VIA_PRIMARY);
        assertThat(second.outcome()).isEqualTo(Outcome.OK);
        assertThat(second.facts()).containsEntry("address", "127.0.0.1");
        assertThat(second.transcript()).contains("127.0.0.2");
    }

    @Test
    void noAddress_isSkipped() {
        ProbeResult result = CanaryWorld.run(world.addresses().viaPrimary());

        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.cause()).contains("has no address");
    }

    @Test
    void deferred_isSkippedTwiceThenFinding() {
        world.mx1.answer("RCPT", "450 4.7.1 greylisted");
        Probe probe = world.viaPrimary();

        ProbeResult first = CanaryWorld.run(probe);
        assertThat(first.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(first.cause()).contains("450 4.7.1 greylisted");
        assertThat(CanaryWorld.run(probe).outcome()).isEqualTo(Outcome.SKIPPED);
        assertOnly(CanaryWorld.run(probe), FindingType.CANARY_DEFERRED);
    }

    @Test
    void rejected_isFindingAtOnce() {
        world.mx2.answer("DOT", "554 5.7.1 spam");
        ProbeResult result = CanaryWorld.run(world.viaBackup());

        assertOnly(result, FindingType.CANARY_REJECTED);
        assertThat(result.findings().get(0).evidence()).containsEntry("reply", "554 5.7.1 spam");
        assertThat(world.latest(MX2).state()).isEqualTo(CanaryState.REJECTED);
    }

    @Test
    void replyToDotLost_isAmbiguousUntilSeen() {
        world.mx1.atDot(ScriptedServer.AtDot.RESET);
        Probe probe = world.patience(SHORT).viaPrimary();
        ProbeResult result = CanaryWorld.run(probe);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(world.latest(MX1).state()).isEqualTo(CanaryState.AMBIGUOUS);

        world.deliver("INBOX", world.received(world.mx1, 0), VIA_PRIMARY);
        await().until(() -> world.latest(MX1).state() == CanaryState.SEEN);
    }

    @Test
    void seenLongAgo_isRemoved_andNothingElse() {
        Probe probe = world.viaPrimary();
        world.put("INBOX", "Subject: private\r\n\r\nnot ours\r\n");
        world.runDelivered(probe, world.mx1, VIA_PRIMARY);
        assertThat(world.count("INBOX")).isEqualTo(2);
        world.clock.advance(Duration.ofMinutes(61));

        await().until(() -> world.count("INBOX") == 1);
        assertThat(world.runDelivered(probe, world.mx1, VIA_PRIMARY).outcome()).isEqualTo(Outcome.OK);
        assertThat(world.count("INBOX")).isEqualTo(2);
    }
}
