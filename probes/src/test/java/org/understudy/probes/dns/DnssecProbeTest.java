package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.understudy.probes.dns.DnsWorld.MX1;
import static org.understudy.probes.dns.DnsWorld.MX2;
import static org.understudy.probes.dns.DnsWorld.finding;
import static org.understudy.probes.dns.DnsWorld.ids;
import static org.understudy.probes.dns.DnsWorld.zone;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Validation from the key of example.org, through a resolver that hands on what the zone has. */
class DnssecProbeTest {
    private static final String UNSIGNED =
            "example.net. 3600 IN SOA ns1.example.net. h.example.net. 1 3600 600 86400 60";

    private final DnsWorld world = new DnsWorld();
    private final SignedZone signed = new SignedZone("example.org.");

    @AfterEach
    void close() {
        world.close();
    }

    private void sign(Duration age, Duration life, String... more) {
        Instant from = world.clock.instant().minus(age);
        world.resolver.records(signed.sign(from, from.plus(life), zone(List.of(MX1, MX2), more)));
        world.trustAnchors = signed.anchor();
    }

    private ProbeResult run() {
        return run(DnsWorld.domain(DeclaredIntent.STANDARD));
    }

    private ProbeResult run(MailDomain domain) {
        return DnsWorld.run(new DnssecProbe(domain, world.settings(), world.clock));
    }

    @Test
    void signed_isOk_alsoWhereThereIsNoAddress() {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts())
                .containsEntry("example.org MX", "secure")
                .containsEntry("mx2.example.org A", "secure")
                .containsEntry("mx2.example.org AAAA", "secure");
    }

    @Test
    void expired_isBogus() {
        sign(Duration.ofDays(15), Duration.ofDays(14));
        ProbeResult result = run();
        assertThat(ids(result)).containsOnly("dnssec-bogus");
        assertThat(finding(result, "dnssec-bogus").evidence().get("example.org MX"))
                .isNotEmpty();
    }

    @Test
    void changedAddress_isBogus_andNothingElseIs() {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        List<Record> tampered = world.resolver.records().stream()
                .map(r -> r instanceof ARecord a && a.getName().toString().equals("mx2.example.org.")
                        ? new ARecord(a.getName(), a.getDClass(), a.getTTL(), new byte[] {1, 2, 3, 4})
                        : r)
                .map(Record.class::cast)
                .toList();
        world.resolver.records(tampered);
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("dnssec-bogus");
        assertThat(result.findings().get(0).subject()).isEqualTo("mx2.example.org A");
    }

    @Test
    void strippedSignature_isBogus() {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        world.resolver.records(world.resolver.records().stream()
                .filter(r ->
                        !(r.getType() == Type.RRSIG && r.getName().toString().equals("mx1.example.org.")))
                .toList());
        assertThat(ids(run())).contains("dnssec-bogus");
    }

    @ParameterizedTest(name = "{0} h of {1} h old: {2}")
    @CsvSource({"262, 336, OK", "270, 336, FINDING", "30, 48, OK", "40, 48, FINDING"})
    void signatures_thatEndSoon_areFound(int age, int life, Outcome outcome) {
        sign(Duration.ofHours(age), Duration.ofHours(life));
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(outcome);
        assertThat(ids(result)).allMatch("dnssec-signatures-expiring"::equals);
    }

    @Test
    void backupInAnUnsignedZone_isFound_primaryThereOnlyInfo() {
        sign(Duration.ofDays(1), Duration.ofDays(14), UNSIGNED, "mx.example.net. 3600 IN A 192.33.4.12");
        Exchanger inside = new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25);
        Exchanger outside = new Exchanger(new DomainName("mx.example.net"), Role.BACKUP, 25);
        ProbeResult result =
                run(new MailDomain(new DomainName("example.org"), List.of(List.of(inside), List.of(outside))));
        assertThat(ids(result)).containsExactly("dnssec-insecure-mx-host");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        Exchanger primary = new Exchanger(outside.host(), Role.PRIMARY, 25);
        result = run(new MailDomain(new DomainName("example.org"), List.of(List.of(primary))));
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void unsignedDomain_isOk() {
        sign(
                Duration.ofDays(1),
                Duration.ofDays(14),
                UNSIGNED,
                "example.net. 3600 IN MX 10 mx.example.net.",
                "mx.example.net. 3600 IN A 192.33.4.12");
        Exchanger mx = new Exchanger(new DomainName("mx.example.net"), Role.PRIMARY, 25);
        assertThat(run(new MailDomain(new DomainName("example.net"), List.of(List.of(mx))))
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void resolverWithoutSignatures_isUnknown_neverBogus() {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        world.healthy();
        ProbeResult result = run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("no signatures for the keys of example.org.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED"})
    void resolverBroken_isUnknown(Fault fault) {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        world.resolver.fault = fault;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void resolverThatFailsForOneName_isUnknown_neverBogus() {
        sign(Duration.ofDays(1), Duration.ofDays(14));
        world.resolver.failing("mx2.example.org.");
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("mx2.example.org A cannot be validated: the resolver answers SERVFAIL");
    }

    @Test
    void trustAnchors_mustBeSome() {
        TrustAnchors.check(signed.anchor());
        assertThatThrownBy(() -> TrustAnchors.check("; nothing\n")).hasMessage("it has no DS and no DNSKEY record");
        assertThatThrownBy(() -> TrustAnchors.check("example.org. 60 IN A 192.0.2.1\n"))
                .hasMessageContaining("neither DS nor DNSKEY");
        assertThatThrownBy(() -> TrustAnchors.check("what is this\n")).hasMessageContaining("no zone text");
    }
}
