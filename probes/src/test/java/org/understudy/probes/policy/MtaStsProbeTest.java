package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.Baselines;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Finding;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.TestNameServer;

class MtaStsProbeTest {
    private static final String RECORD = "_mta-sts.example.org. 3600 IN TXT \"v=STSv1; id=1\"";
    private static final String HOST = "mta-sts.example.org. 3600 IN A 127.0.0.1";
    private static final String GOOD =
            "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmx: mx2.example.org\nmax_age: 604800\n";

    private final DnsWorld world = new DnsWorld();
    private final PolicyServer server = PolicyServer.start();
    private final Baselines baselines = Baselines.inMemory();

    @BeforeEach
    void healthy() {
        world.healthy(RECORD, HOST);
        server.answers(PolicyServer.text(GOOD));
    }

    @AfterEach
    void close() {
        server.close();
        world.close();
    }

    private ProbeResult run(Role... roles) {
        Role[] all = roles.length == 0 ? new Role[] {Role.PRIMARY, Role.BACKUP} : roles;
        return DnsWorld.run(new MtaStsProbe(
                DnsWorld.domain(DeclaredIntent.STANDARD, all),
                world.settings(),
                server.settings(),
                baselines,
                world.clock));
    }

    private ProbeResult run(String policy) {
        server.answers(PolicyServer.text(policy));
        return run();
    }

    private void assertOk(ProbeResult result) {
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void goodPolicy_isSilent() {
        assertOk(run());
        assertOk(run());
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void domainWithoutRecord_hasNoPolicy_andIsNotAskedForOne() {
        world.healthy(HOST);
        assertOk(run());
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aliasOfAnothersRecord_counts() {
        world.healthy(
                "_mta-sts.example.org. 3600 IN CNAME sts.provider.test.",
                "sts.provider.test. 3600 IN TXT \"v=STSv1; id=1\"",
                HOST);
        assertOk(run());
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void silentDns_isUnknown() {
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"enforce, CRITICAL", "testing, WARNING"})
    void omittedBackup_isFound_byMode(String mode, Severity severity) {
        ProbeResult result = run(GOOD.replace("mx: mx2.example.org\n", "").replace("enforce", mode));
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-omits-backup");
        Finding finding = result.findings().get(0);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.subject()).isEqualTo("mx2.example.org");
        assertThat(finding.summary()).contains("the backup mx2.example.org");
        assertThat(finding.fix()).contains("mx: mx2.example.org", "_mta-sts.example.org. IN TXT \"v=STSv1; id=20");
    }

    @Test
    void omittedBackup_inModeNone_isNotHeldAgainstIt() {
        assertThat(DnsWorld.ids(run("version: STSv1\nmode: none\nmax_age: 86400\n")))
                .containsExactly("mta-sts-weak");
    }

    @Test
    void wildcard_coversTheBackup() {
        assertThat(DnsWorld.ids(run("version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 604800\n")))
                .containsExactly("mta-sts-lists-unknown-host");
    }

    @Test
    void tarpit_needsNoLine() {
        server.answers(PolicyServer.text(GOOD.replace("mx: mx2.example.org\n", "")));
        assertOk(run(Role.PRIMARY, Role.TARPIT));
    }

    @Test
    void listedButUndeclaredExchanger_isComparedAsWell() {
        ProbeResult result = run(Role.PRIMARY);
        assertOk(result);
        server.answers(PolicyServer.text(GOOD.replace("mx: mx2.example.org\n", "")));
        assertThat(DnsWorld.ids(run(Role.PRIMARY)))
                .containsExactlyInAnyOrder("mta-sts-txt-policy-out-of-step", "mta-sts-policy-omits-backup");
    }

    @Test
    void unknownHost_isFound() {
        ProbeResult result = run(GOOD + "mx: mx.old-provider.test\n");
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-lists-unknown-host");
        assertThat(result.findings().get(0).summary()).contains("mx.old-provider.test");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.INFO);
    }

    @ParameterizedTest
    @CsvSource({"text/html, 'content type text/html'", "'', 'no content type'"})
    void otherContentType_isInvalid(String type, String words) {
        server.answers(PolicyServer.reply(200, type, GOOD));
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-invalid");
        assertThat(result.findings().get(0).summary()).contains(words);
    }

    @Test
    void brokenPolicy_isInvalid_andSaysAllThatIsWrong() {
        ProbeResult result = run("version: STSv1\nmode: on\nmx: mx1.example.org\n");
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-invalid");
        assertThat(result.findings().get(0).summary()).contains("has the mode \"on\"", "; it has no max_age");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=STSv1; id=2016-08-31", "v=STSv1;", "v=STSv1", "V=STSv1; id=1"})
    void brokenRecord_isInvalid(String text) {
        world.healthy("_mta-sts.example.org. 3600 IN TXT \"" + text.replace(";", "\\;") + "\"", HOST);
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-invalid");
        assertThat(result.findings().get(0).subject()).isEqualTo("_mta-sts.example.org");
    }

    @Test
    void severalRecords_areOutOfStep() {
        world.healthy(RECORD, RECORD.replace("id=1", "id=2"), HOST);
        assertThat(DnsWorld.ids(run())).containsExactly("mta-sts-txt-policy-out-of-step");
    }

    @Test
    void otherTextsAtTheName_areNotMeant() {
        world.healthy(RECORD, "_mta-sts.example.org. 3600 IN TXT \"hello\"", HOST);
        assertOk(run());
    }

    @Test
    void serversThatDisagree_areOutOfStep() {
        world.second.zone(
                DnsWorld.zone(java.util.List.of(DnsWorld.MX1, DnsWorld.MX2), RECORD.replace("id=1", "id=2"), HOST));
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-txt-policy-out-of-step");
        assertThat(result.findings().get(0).evidence()).containsKeys(DnsWorld.FIRST, DnsWorld.SECOND);
    }

    @Test
    void policyThatChangedUnderItsId_isOutOfStep_untilTheIdChanges() {
        assertOk(run());
        String changed = GOOD.replace("604800", "1209600");
        assertThat(DnsWorld.ids(run(changed))).containsExactly("mta-sts-txt-policy-out-of-step");
        world.clock.advance(Duration.ofHours(1));
        Finding again = run(changed).findings().get(0);
        assertThat(again.type().id()).isEqualTo("mta-sts-txt-policy-out-of-step");
        assertThat(again.evidence().toString()).contains("604800", "1209600");
        world.healthy(RECORD.replace("id=1", "id=2"), HOST);
        assertOk(run(changed));
        assertOk(run(changed));
    }

    @Test
    void policyThatWasPutBack_isInStepAgain() {
        assertOk(run());
        assertThat(DnsWorld.ids(run(GOOD.replace("604800", "1209600"))))
                .containsExactly("mta-sts-txt-policy-out-of-step");
        assertOk(run(GOOD));
    }

    @Test
    void whatSendersPassOver_isNoChange() {
        assertOk(run());
        assertOk(run("x_note: 1\r\n" + GOOD.replace("\n", "\r\n") + "mode: testing\r\n"));
    }

    @Test
    void testingForLong_isWeak_fromTheNinetyFirstDayOn() {
        String testing = GOOD.replace("enforce", "testing");
        assertOk(run(testing));
        world.clock.advance(Duration.ofDays(89));
        assertOk(run(testing));
        world.clock.advance(Duration.ofDays(2));
        ProbeResult result = run(testing);
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-weak");
        assertThat(result.findings().get(0).summary()).contains("testing for 91 days");
    }

    @ParameterizedTest
    @CsvSource({"86400, ''", "86399, mta-sts-weak"})
    void shortAge_isWeak(String seconds, String expected) {
        assertThat(String.join(" ", DnsWorld.ids(run(GOOD.replace("604800", seconds)))))
                .isEqualTo(expected);
    }

    @Test
    void missingPolicy_isUnfetchable() {
        server.answers(PolicyServer.reply(404, "text/plain", "no"));
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-unfetchable");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).summary()).contains("HTTP status 404");
    }

    @Test
    void policyHostWithoutAddress_isUnfetchable() {
        world.healthy(RECORD);
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("mta-sts-policy-unfetchable");
        assertThat(result.findings().get(0).summary()).contains("mta-sts.example.org has no address");
    }

    @Test
    void policyHostThatDnsDoesNotTell_isUnknown() {
        world.resolver.failing("mta-sts.example.org.");
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void missingPolicy_isCritical_ifSendersHaveOneThatLeavesAnExchangerOut() {
        run(GOOD.replace("mx: mx2.example.org\n", ""));
        server.answers(PolicyServer.reply(503, "text/plain", "later"));
        assertThat(DnsWorld.finding(run(), "mta-sts-policy-unfetchable").severity())
                .isEqualTo(Severity.CRITICAL);
    }
}
