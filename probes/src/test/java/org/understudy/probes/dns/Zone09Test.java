package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Baselines;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.DomainName;

/**
 * The scenarios of Zonemaster's test case ZONE09. What it takes for a matter of taste, whether a registry or an arpa zone
 * takes mail, is declared here. All findings are listed, so each scenario says also what must not be found.
 */
class Zone09Test {
    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private static String[] zone(String domain, String records) {
        List<String> lines = new ArrayList<>(List.of(
                domain + ". 3600 IN SOA ns1.example.org. h.example.org. 1 3600 600 86400 60",
                domain + ". 3600 IN NS ns1.example.org.",
                domain + ". 3600 IN NS ns2.example.org.",
                "ns1.example.org. 3600 IN A 127.0.0.22",
                "ns2.example.org. 3600 IN A 127.1.0.23"));
        if (!records.equals("-")) {
            for (String record : records.split("; ", -1)) {
                lines.add(domain + ". " + record.replaceFirst(" ", " IN MX "));
            }
        }
        return lines.toArray(new String[0]);
    }

    /** With mx1 as the primary, and mx2 as the backup where the first server lists it. */
    private static MailDomain domain(String name, boolean mail, String records) {
        List<List<Exchanger>> tiers = new ArrayList<>();
        if (mail) {
            tiers.add(List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25)));
        }
        if (mail && records.contains("mx2")) {
            tiers.add(List.of(new Exchanger(new DomainName("mx2.example.org"), Role.BACKUP, 25)));
        }
        return new MailDomain(
                new DomainName(name), tiers, new DeclaredIntent(mail, false, false, Duration.ofDays(1), List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // scenario | zone | takes mail | first server | second server | fault of both | fault of the second |
                // found
                "ARPA-EMAIL-DOMAIN|zone09.arpa|true|3600 10 mx1.example.org.|=|NONE|NONE|",
                "ARPA-EMAIL-DOMAIN, not meant|zone09.arpa|false|3600 10 mx1.example.org.|=|NONE|NONE|mx-unexpected-host",
                "INCONSISTENT-MX|zone09.xa|true|3600 10 mx1.example.org.|-|NONE|NONE|mx-none-implicit authoritative-servers-disagree",
                "INCONSISTENT-MX-DATA-1|zone09.xa|true|3600 10 mx1.example.org.; 3600 20 mx2.example.org.|3600 10 mx1.example.org.|NONE|NONE|mx-backup-missing authoritative-servers-disagree",
                "INCONSISTENT-MX-DATA-2|zone09.xa|true|3600 10 mx1.example.org.|3600 20 mx1.example.org.|NONE|NONE|authoritative-servers-disagree",
                "INCONSISTENT-MX-DATA-3|zone09.xa|true|3600 10 mx1.example.org.; 3600 20 mx2.example.org.|3600 20 mx1.example.org.; 3600 30 mx2.example.org.|NONE|NONE|authoritative-servers-disagree",
                "MIXED-TTL-1|zone09.xa|true|3600 10 mx1.example.org.|7200 10 mx1.example.org.|NONE|NONE|",
                "MIXED-TTL-2|zone09.xa|true|3600 10 mx1.example.org.; 7200 20 mx2.example.org.|=|NONE|NONE|",
                "MX-DATA|zone09.xa|true|3600 10 mx1.example.org.|=|NONE|NONE|",
                "NO-MX-ARPA|zone09.arpa|false|-|=|NONE|NONE|",
                "NO-MX-SLD|zone09.xa|true|-|=|NONE|NONE|mx-none-implicit",
                "NO-MX-TLD|zone09|false|-|=|NONE|NONE|",
                "NO-RESPONSE-MX-QUERY-1|zone09.xa|true|3600 10 mx1.example.org.|=|NONE|SILENT|authoritative-server-unreachable",
                "NO-RESPONSE-MX-QUERY-2|zone09.xa|true|3600 10 mx1.example.org.|=|SILENT|SILENT|unknown",
                "NON-AUTH-MX-RESPONSE|zone09.xa|true|3600 10 mx1.example.org.|=|NONE|WITHOUT_AUTHORITY|authoritative-server-unreachable",
                "NULL-MX-ARPA|zone09.arpa|false|3600 0 .|=|NONE|NONE|",
                "NULL-MX-NON-ZERO-PREF|zone09.xa|false|3600 1 .|=|NONE|NONE|mx-null-with-other",
                "NULL-MX-SLD|zone09.xa|false|3600 0 .|=|NONE|NONE|",
                "NULL-MX-SLD, not meant|zone09.xa|true|3600 0 .|=|NONE|NONE|mx-null-on-mail-domain",
                "NULL-MX-TLD|zone09|false|3600 0 .|=|NONE|NONE|",
                "NULL-MX-WITH-OTHER-MX|zone09.xa|true|3600 0 .; 3600 10 mx1.example.org.|=|NONE|NONE|mx-null-with-other",
                "TLD-EMAIL-DOMAIN|zone09|true|3600 10 mx1.example.org.|=|NONE|NONE|",
                "TLD-EMAIL-DOMAIN, not meant|zone09|false|3600 10 mx1.example.org.|=|NONE|NONE|mx-unexpected-host",
                "UNEXPECTED-RCODE-MX|zone09.xa|true|-|=|NONE|REFUSED|authoritative-server-unreachable mx-none-implicit"
            })
    void scenario(
            String scenario,
            String name,
            boolean mail,
            String first,
            String second,
            Fault ofBoth,
            Fault ofSecond,
            String found) {
        world.resolver.zone(zone(name, first));
        world.first.zone(zone(name, first));
        world.second.zone(zone(name, second.equals("=") ? first : second));
        world.first.fault = ofBoth;
        world.second.fault = ofSecond;
        ProbeResult result = DnsWorld.run(
                new MxContractProbe(domain(name, mail, first), world.settings(), Baselines.inMemory(), world.clock));
        if ("unknown".equals(found)) {
            assertThat(result.outcome()).as(scenario).isEqualTo(Outcome.UNKNOWN);
            assertThat(result.cause()).contains("no authoritative server answers");
            return;
        }
        List<String> expected = found == null ? List.of() : List.of(found.split(" ", -1));
        assertThat(DnsWorld.ids(result)).as(scenario).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(result.outcome()).isEqualTo(expected.isEmpty() ? Outcome.OK : Outcome.FINDING);
    }

    @Test
    void rootScenarios_cannotBeConfigured() {
        assertThatThrownBy(() -> DomainName.parse(".")).hasMessageContaining("not a domain name");
    }
}
