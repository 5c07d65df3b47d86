package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.SpfCheck.Result;
import org.understudy.smtp.Mailbox;

class SpfEvaluationTest {
    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private Result check(String client, String domain) throws UnknownHostException {
        return new SpfEvaluation(world.settings())
                .check(InetAddress.getByName(client), new Mailbox("jo", domain), "client.test");
    }

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource({
        "198.41.0.4, example.org, PASS",
        "192.0.2.1, example.org, PASS",
        "2001:db8::7, example.org, PASS",
        "192.33.4.12, example.org, PASS",
        "203.0.113.1, example.org, FAIL",
        "203.0.113.1, soft.example.org, SOFTFAIL",
        "203.0.113.1, nothing.example.org, NONE",
        "203.0.113.1, nowhere.example.org, NONE",
        "203.0.113.1, broken.example.org, PERMERROR",
        "203.0.113.1, loop.example.org, PERMERROR",
        "192.0.2.1, split.example.org, PASS"
    })
    void policy_isEvaluated(String client, String domain, Result expected) throws UnknownHostException {
        world.healthy(
                "example.org. 3600 IN TXT \"v=spf1 mx ip6:2001:db8::/32 a:mx3.example.org include:in.example.org -all\"",
                "in.example.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.0/24 -all\"",
                "soft.example.org. 3600 IN TXT \"v=spf1 ~all\"",
                "nothing.example.org. 3600 IN TXT \"hello\"",
                "broken.example.org. 3600 IN TXT \"v=spf1 what:ever -all\"",
                "loop.example.org. 3600 IN TXT \"v=spf1 include:loop.example.org -all\"",
                "split.example.org. 3600 IN TXT \"v=spf1 ip4:192.0\" \".2.1 -all\"");
        assertThat(check(client, domain)).isEqualTo(expected);
    }

    @Test
    void resolverThatDoesNotAnswer_isNoPass() throws UnknownHostException {
        world.everywhere(DnsWorld.zone(List.of(DnsWorld.MX1)));
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(check("198.41.0.4", "example.org")).isEqualTo(Result.TEMPERROR);
    }
}
