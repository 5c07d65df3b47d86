package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.dns.DnsWorld.MX1;
import static org.understudy.probes.dns.DnsWorld.MX2;
import static org.understudy.probes.dns.DnsWorld.finding;
import static org.understudy.probes.dns.DnsWorld.ids;
import static org.understudy.probes.dns.DnsWorld.zone;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.Baselines;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TestNameServer.Fault;

class MxDriftTest {
    private final DnsWorld world = new DnsWorld();
    private final Baselines baselines = Baselines.inMemory();

    @AfterEach
    void close() {
        world.close();
    }

    /** A new probe each time, as after a restart: what is remembered is in the baselines. */
    private ProbeResult run() {
        return DnsWorld.run(new MxContractProbe(
                DnsWorld.domain(DeclaredIntent.STANDARD), world.settings(), baselines, world.clock));
    }

    @Test
    void change_isShownForADay_withOldAndNew_thenTakenToBeMeant() {
        world.healthy();
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.everywhere(zone(List.of("5 mx1.example.org.", MX2)));
        ProbeResult changed = run();
        assertThat(ids(changed)).containsExactly("mx-rrset-changed");
        assertThat(changed.findings().get(0).severity()).isEqualTo(Severity.INFO);
        assertThat(changed.findings().get(0).evidence().values())
                .containsExactly(
                        "MX 10 mx1.example.org., MX 20 mx2.example.org.",
                        "MX 5 mx1.example.org., MX 20 mx2.example.org.");
        world.clock.advance(Duration.ofHours(23));
        assertThat(ids(run())).containsExactly("mx-rrset-changed");
        world.clock.advance(Duration.ofHours(2));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.healthy();
        assertThat(ids(run())).containsExactly("mx-rrset-changed");
    }

    @Test
    void change_takenBack_isOver_andItsTimeBeginsAnewWhenItReturns() {
        world.healthy();
        run();
        world.everywhere(zone(List.of("5 mx1.example.org.", MX2)));
        run();
        world.clock.advance(Duration.ofHours(20));
        world.healthy();
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.everywhere(zone(List.of("5 mx1.example.org.", MX2)));
        run();
        world.clock.advance(Duration.ofHours(20));
        assertThat(ids(run())).containsExactly("mx-rrset-changed");
    }

    @Test
    void newHostInFront_isCritical() {
        world.healthy();
        run();
        world.everywhere(zone(List.of("5 mx3.example.org.", MX1, MX2)));
        assertThat(finding(run(), "mx-rrset-changed").severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void onlyTheTimeToLiveDiffers_isNoChange() {
        world.healthy();
        run();
        world.everywhere(zone(List.of(), "example.org. 7200 IN MX " + MX1, "example.org. 7200 IN MX " + MX2));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void silence_isNoChange() {
        world.healthy();
        run();
        world.first.fault = Fault.SERVFAIL;
        world.second.fault = Fault.SERVFAIL;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
