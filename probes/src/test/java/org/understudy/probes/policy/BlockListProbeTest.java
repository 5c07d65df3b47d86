package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Outcome;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.TestNameServer;
import org.understudy.smtp.DomainName;

class BlockListProbeTest {
    private static final DomainName LIST = new DomainName("bl.test");
    private static final String TEST_ENTRY = "2.0.0.127.bl.test. 60 IN A 127.0.0.2";
    private static final String BACKUP = "42.83.7.199.bl.test. 60 IN A 127.0.0.4";
    private static final String REASON = "42.83.7.199.bl.test. 60 IN TXT \"see https://bl.test/\"";

    private final DnsWorld world = new DnsWorld();
    private final BlockLists lists = new BlockLists(List.of(LIST), world.clock);

    @AfterEach
    void close() {
        world.close();
    }

    private void list(String... records) {
        List<String> more = new ArrayList<>(List.of(records));
        more.add("other.bl.test. 60 IN A 127.0.0.2");
        world.healthy(more.toArray(new String[0]));
    }

    private ProbeResult run(boolean primarys) {
        PolicySettings settings =
                new PolicySettings(443, List.of(), List.of(LIST), primarys ? Set.of(LIST) : Set.of(), Set.of());
        return DnsWorld.run(new BlockListProbe(
                DnsWorld.domain(DeclaredIntent.STANDARD), world.settings(), lists, settings, world.clock));
    }

    @Test
    void backupThatIsNotListed_isSilent() {
        list(TEST_ENTRY);
        ProbeResult result = run(false);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts()).containsEntry("bl.test on 199.7.83.42", "not listed");
    }

    @ParameterizedTest
    @CsvSource({"false, WARNING", "true, CRITICAL"})
    void listedBackup_isFound_worseIfThePrimaryUsesTheList(boolean primarys, Severity severity) {
        list(TEST_ENTRY, BACKUP, REASON);
        ProbeResult result = run(primarys);
        assertThat(DnsWorld.ids(result)).containsExactly("backup-on-dnsbl");
        assertThat(result.findings().get(0).severity()).isEqualTo(severity);
        assertThat(result.findings().get(0).evidence()).containsEntry("bl.test", "127.0.0.4 see https://bl.test/");
    }

    @Test
    void listThatRefusesOurResolver_isUnknown() {
        list("2.0.0.127.bl.test. 60 IN A 127.255.255.254", BACKUP);
        assertUnknown("refuses our resolver");
    }

    @Test
    void listThatListsEverything_isUnknown() {
        list(TEST_ENTRY, "1.0.0.127.bl.test. 60 IN A 127.0.0.2", BACKUP);
        assertUnknown("lists everything");
    }

    @Test
    void listWithoutItsTestEntry_isUnknown() {
        list(BACKUP);
        assertUnknown("does not list its test address");
    }

    @Test
    void parkedList_isUnknown() {
        list("2.0.0.127.bl.test. 60 IN A 192.0.2.80", BACKUP);
        assertUnknown("no code of a list");
    }

    @Test
    void refusalForOneAddress_isUnknown() {
        list(TEST_ENTRY, "42.83.7.199.bl.test. 60 IN A 127.255.255.255");
        assertUnknown("refuses our resolver");
    }

    @Test
    void silentList_isUnknown() {
        list(TEST_ENTRY);
        world.resolver.failing("42.83.7.199.bl.test.");
        assertUnknown("cannot be asked");
    }

    private void assertUnknown(String cause) {
        ProbeResult result = run(true);
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains(cause);
    }

    @Test
    void list_isAskedOnceAnHour() {
        list(TEST_ENTRY);
        assertThat(run(false).outcome()).isEqualTo(Outcome.OK);
        list(TEST_ENTRY, BACKUP);
        world.clock.advance(Duration.ofMinutes(59));
        assertThat(run(false).outcome()).isEqualTo(Outcome.OK);
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(run(false).outcome()).isEqualTo(Outcome.FINDING);
    }

    @Test
    void silentResolver_isUnknown() {
        list(TEST_ENTRY);
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(run(false).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.99, 99.2.0.192.bl.test",
        "2001:db8:1:2:3:4:567:89ab, b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test"
    })
    void question_isBackwards(String address, String expected) throws UnknownHostException {
        assertThat(new BlockList(LIST).question(InetAddress.getByName(address)).text())
                .isEqualTo(expected);
    }
}
