package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;

/** Whether the agent would die with what it watches. */
class SharedFateSelfCheckTest {
    private static final Network ANYCAST = Network.parse("203.0.113.0/24");

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, false, is this machine",
        "198.51.100.9, false, is in the network of this machine",
        "2001:db8:1:2::9, false, is in the network of this machine",
        "192.0.2.1, false, ''",
        "2001:db8:2::1, false, ''",
        "203.0.113.5, false, ''",
        "192.0.2.1, true, it is part of this agent",
        "203.0.113.5, true, ''"
    })
    void exchanger_besideTheAgent_isFound(String exchanger, boolean ourselves, String words)
            throws UnknownHostException {
        DomainName host = new DomainName("mx.example.org");
        List<InetAddress> here = List.of(
                InetAddress.getByName("198.51.100.7"),
                InetAddress.getByName("2001:db8:1::1"),
                InetAddress.getByName("203.0.113.77"));
        InetAddress there = InetAddress.getByName(exchanger);
        MailDomain domain = new MailDomain(
                new DomainName("example.org"),
                List.of(List.of(new Exchanger(host, Role.PRIMARY, 25))),
                DeclaredIntent.STANDARD);
        SelfCheck check = new SharedFateSelfCheck(
                List.of(domain),
                name -> List.of(there),
                () -> here,
                ourselves ? Set.of(host) : Set.of(),
                ANYCAST::contains);
        List<Finding> findings = new SelfProbe(new DomainName("agent.test"), List.of(check), Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(20)))
                .findings();
        if (words.isEmpty()) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).extracting(f -> f.type().id()).containsExactly("agent-shares-fate");
            assertThat(findings.get(0).evidence())
                    .hasEntrySatisfying("mx.example.org", why -> assertThat(why).contains(words));
        }
    }
}
