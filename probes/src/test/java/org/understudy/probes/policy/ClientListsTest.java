package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.ClientListCheck.Answer;
import org.understudy.probes.ClientListCheck.Result;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.smtp.DomainName;

class ClientListsTest {
    private static final DomainName LIST = new DomainName("bl.test");
    private static final String TEST_ENTRY = "2.0.0.127.bl.test. 60 IN A 127.0.0.2";
    private static final String LISTED = "9.2.0.192.bl.test. 60 IN A 127.0.0.4";
    private static final Duration TIME = Duration.ofSeconds(5);

    private final DnsWorld world = new DnsWorld();
    private final ClientLists lists = new ClientLists(world.settings(), List.of(LIST), world.clock);

    @AfterEach
    void close() {
        world.close();
    }

    private List<Answer> check(String client) throws UnknownHostException {
        return lists.check(InetAddress.getByName(client), TIME);
    }

    @Test
    void client_isLookedUp() throws UnknownHostException {
        world.healthy(TEST_ENTRY, LISTED, "9.2.0.192.bl.test. 60 IN TXT \"spam\"");
        assertThat(check("192.0.2.9")).containsExactly(new Answer(LIST, Result.LISTED, "127.0.0.4 spam"));
        assertThat(check("192.0.2.10")).containsExactly(new Answer(LIST, Result.NOT_LISTED, "not listed"));
    }

    @Test
    void listThatListsEverything_saysNothing() throws UnknownHostException {
        world.healthy(TEST_ENTRY, LISTED, "1.0.0.127.bl.test. 60 IN A 127.0.0.2");
        assertThat(check("192.0.2.9")).extracting(Answer::result).containsExactly(Result.UNKNOWN);
    }

    @Test
    void listThatIsNone_saysNothing() throws UnknownHostException {
        world.healthy(LISTED);
        assertThat(check("192.0.2.9")).extracting(Answer::result).containsExactly(Result.UNKNOWN);
        assertThat(check("192.0.2.9").get(0).text()).contains("does not list its test address");
    }

    @Test
    void answers_areRememberedForMinutes() throws UnknownHostException {
        world.healthy(TEST_ENTRY);
        assertThat(check("192.0.2.9")).extracting(Answer::result).containsExactly(Result.NOT_LISTED);
        world.healthy(TEST_ENTRY, LISTED);
        assertThat(check("192.0.2.9")).extracting(Answer::result).containsExactly(Result.NOT_LISTED);
        world.clock.advance(Duration.ofMinutes(11));
        assertThat(check("192.0.2.9")).extracting(Answer::result).containsExactly(Result.LISTED);
    }
}
