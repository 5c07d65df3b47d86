package org.understudy.probes.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.MovableClock;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;
import org.xbill.DNS.Type;

/** The domain example.org on two authoritative servers, and a resolver, on addresses of loopback that share a port. */
public final class DnsWorld implements AutoCloseable {
    public static final String MX1 = "10 mx1.example.org.";
    public static final String MX2 = "20 mx2.example.org.";
    public static final String FIRST = "ns1.example.org [127.0.0.22]";
    public static final String SECOND = "ns2.example.org [127.1.0.23]";

    private final List<TestNameServer> servers = new ArrayList<>();
    private final SignedZone signed = new SignedZone("example.org.");
    public final MovableClock clock = new MovableClock();
    public final TestNameServer resolver = server("127.0.0.21");
    public final TestNameServer first = server("127.0.0.22");
    public final TestNameServer second = server("127.1.0.23");
    List<Network> publicNetworks = List.of(Network.parse("127.0.0.0/8"), Network.parse("192.0.2.0/24"));
    List<Network> independentNetworks = List.of();
    String trustAnchors = "";

    /** Opens another server. */
    TestNameServer server(String address) {
        TestNameServer server = new TestNameServer(
                address, servers.isEmpty() ? 0 : servers.get(0).address().getPort());
        servers.add(server);
        return server;
    }

    /** The records of the zone around the MX records; each line may be replaced by one with the same owner and type. */
    public static String[] zone(List<String> mx, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "example.org. 3600 IN SOA ns1.example.org. h.example.org. 1 3600 600 86400 60",
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "ns1.example.org. 3600 IN A 127.0.0.22",
                "ns2.example.org. 3600 IN A 127.1.0.23",
                "mx1.example.org. 3600 IN A 198.41.0.4",
                "mx2.example.org. 3600 IN A 199.7.83.42",
                "mx3.example.org. 3600 IN A 192.33.4.12",
                "4.0.41.198.in-addr.arpa. 3600 IN PTR mx1.example.org.",
                "42.83.7.199.in-addr.arpa. 3600 IN PTR mx2.example.org."));
        mx.stream()
                .filter(r -> !r.isEmpty())
                .map(r -> "example.org. 3600 IN MX " + r)
                .forEach(lines::add);
        for (String line : more) {
            String[] words = line.split(" ", -1);
            lines.removeIf(l -> l.startsWith(words[0] + " ") && l.contains(" IN " + words[3] + " "));
        }
        lines.addAll(List.of(more));
        return lines.toArray(new String[0]);
    }

    /** The same zone on every server, and at the resolver. */
    public void everywhere(String... lines) {
        resolver.zone(lines);
        first.zone(lines);
        second.zone(lines);
    }

    public void healthy(String... more) {
        everywhere(zone(List.of(MX1, MX2), more));
    }

    /** The same zone signed for two weeks at the resolver, whose key is the trust anchor; as it is at the servers. */
    public void signed(String... more) {
        healthy(more);
        Instant from = clock.instant().minus(Duration.ofDays(1));
        resolver.records(signed.sign(from, from.plus(Duration.ofDays(14)), zone(List.of(MX1, MX2), more)));
        trustAnchors = signed.anchor();
    }

    /** Takes the signatures and denials of one name, absolute, from the resolver. */
    public void strip(String name) {
        resolver.records(resolver.records().stream()
                .filter(r ->
                        !r.getName().toString().equals(name) || (r.getType() != Type.RRSIG && r.getType() != Type.NSEC))
                .toList());
    }

    public DnsSettings settings() {
        return new DnsSettings(
                List.of(resolver.address()),
                resolver.address().getPort(),
                Duration.ofMillis(150),
                publicNetworks,
                independentNetworks,
                trustAnchors);
    }

    public static MailDomain domain(DeclaredIntent intent) {
        return domain(intent, Role.PRIMARY, Role.BACKUP);
    }

    /** mx1, mx2 and so on with these roles, each in a tier of its own. */
    public static MailDomain domain(DeclaredIntent intent, Role... roles) {
        List<List<Exchanger>> tiers = new ArrayList<>();
        for (Role role : roles) {
            tiers.add(List.of(new Exchanger(new DomainName("mx" + (tiers.size() + 1) + ".example.org"), role, 25)));
        }
        return new MailDomain(new DomainName("example.org"), tiers, intent);
    }

    public static ProbeResult run(Probe probe) {
        return probe.run(Deadline.after(Duration.ofSeconds(20)));
    }

    public static List<String> ids(ProbeResult result) {
        return result.findings().stream().map(f -> f.type().id()).toList();
    }

    public static Finding finding(ProbeResult result, String id) {
        return result.findings().stream()
                .filter(f -> f.type().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(id + " is not in " + result));
    }

    @Override
    public void close() {
        servers.forEach(TestNameServer::close);
    }
}
