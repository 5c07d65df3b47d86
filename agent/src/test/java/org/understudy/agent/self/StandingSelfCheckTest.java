package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.understudy.agent.SetClock;
import org.understudy.probes.ClientListCheck.Answer;
import org.understudy.probes.ClientListCheck.Result;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Probes;
import org.understudy.probes.VantageStanding;
import org.understudy.probes.VantageStanding.Refusal;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;

class StandingSelfCheckTest {
    private static final DnsSettings DNS = new DnsSettings(
            List.of(), 53, Duration.ofSeconds(1), List.of(Network.parse("192.0.2.0/24")), List.of(), "");
    private static final InetAddress OURS = InetAddresses.forString("192.0.2.7");
    private static final InetAddress PRIVATE = InetAddresses.forString("10.0.0.7");
    private static final DomainName LIST = new DomainName("bl.test");

    private final SetClock clock = new SetClock();
    private final List<InetAddress> asked = new ArrayList<>();
    private VantageStanding seen = new VantageStanding(Set.of(OURS), 4, List.of());
    private Result answer = Result.NOT_LISTED;
    private List<InetAddress> configured = List.of();

    private StandingSelfCheck check() {
        return new StandingSelfCheck(
                configured,
                () -> seen,
                address -> Probes.isPublic(address, DNS),
                (client, time) -> {
                    asked.add(client);
                    return List.of(new Answer(LIST, answer, "127.0.0.4"));
                },
                clock);
    }

    private static ProbeResult run(StandingSelfCheck check) {
        return new SelfProbe(new DomainName("agent.test"), List.of(check), Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    private static Finding only(ProbeResult result) {
        assertThat(result.findings())
                .as(result.toString())
                .extracting(f -> f.type().id())
                .containsExactly("agent-vantage-blocklisted");
        return result.findings().get(0);
    }

    private static Refusal refusal(int server, String domain, boolean greeting, boolean about, InetAddress... quoted) {
        InetAddress address = InetAddresses.forString("198.51." + server + ".25");
        return new Refusal(
                "mx" + server + "[" + address.getHostAddress() + "]:25",
                address,
                new DomainName(domain),
                greeting,
                about,
                List.of(quoted),
                "554 5.7.1 refused");
    }

    private void refused(int servers, Refusal... refusals) {
        seen = new VantageStanding(seen.own(), servers, List.of(refusals));
    }

    @Test
    void addressOnNoList_thatNobodyRefuses_isSilent() {
        ProbeResult result = run(check());
        assertThat(result.findings()).isEmpty();
        assertThat(result.facts()).containsEntry("bl.test on 192.0.2.7", "127.0.0.4");
        assertThat(asked).containsExactly(OURS);
    }

    @Test
    void listedAddress_isFound_andListsAreAskedOnceAnHour() {
        answer = Result.LISTED;
        StandingSelfCheck check = check();
        assertThat(only(run(check)).summary()).contains("192.0.2.7 is on bl.test");
        assertThat(run(check).findings()).hasSize(1);
        clock.advance(Duration.ofMinutes(59));
        assertThat(run(check).findings()).hasSize(1);
        assertThat(asked).hasSize(1);
        answer = Result.NOT_LISTED;
        clock.advance(Duration.ofMinutes(2));
        assertThat(run(check).findings()).isEmpty();
    }

    @Test
    void listThatCannotBeAsked_doesNotChangeWhatItSaid_andIsAskedAgainSoon() {
        answer = Result.UNKNOWN;
        StandingSelfCheck check = check();
        assertThat(run(check).findings()).isEmpty();
        answer = Result.LISTED;
        clock.advance(Duration.ofMinutes(6));
        assertThat(run(check).findings()).hasSize(1);
        answer = Result.UNKNOWN;
        clock.advance(Duration.ofMinutes(61));
        assertThat(run(check).findings()).hasSize(1);
        assertThat(asked).hasSize(3);
    }

    @Test
    void privateAddress_isNotLookedUp_theConfiguredOneIs() {
        seen = new VantageStanding(Set.of(PRIVATE), 4, List.of());
        assertThat(run(check()).findings()).isEmpty();
        assertThat(asked).isEmpty();
        configured = List.of(OURS);
        assertThat(run(check()).findings()).isEmpty();
        assertThat(asked).containsExactly(OURS);
    }

    @Test
    void behindTranslation_theAddressThatTwoServersName_isLookedUp() {
        seen = new VantageStanding(Set.of(PRIVATE), 4, List.of());
        refused(4, refusal(1, "a.test", false, true, OURS));
        assertThat(run(check()).findings()).hasSize(1);
        assertThat(asked).isEmpty();
        refused(4, refusal(1, "a.test", false, true, OURS), refusal(2, "a.test", true, true, OURS));
        assertThat(run(check()).findings()).hasSize(1);
        assertThat(asked).containsExactly(OURS);
    }

    @Test
    void refusalThatNamesOurAddress_isFound_anotherIsNot() {
        refused(4, refusal(1, "a.test", true, false, OURS));
        assertThat(only(run(check())).evidence()).containsEntry("mx1[198.51.1.25]:25", "554 5.7.1 refused");
        refused(4, refusal(1, "a.test", true, false, InetAddresses.forString("192.0.2.8")));
        assertThat(run(check()).findings()).isEmpty();
    }

    @Test
    void manyUnrelatedServersThatRefuseTheGreeting_areFound_aFewAreNot() {
        Refusal one = refusal(1, "a.test", true, false);
        Refusal two = refusal(2, "b.test", true, false);
        Refusal three = refusal(3, "b.test", true, false);
        refused(6, one, two, three);
        assertThat(only(run(check())).summary()).contains("3 mail server(s)", "nothing to do with each other");
        refused(7, one, two, three);
        assertThat(run(check()).findings()).isEmpty();
        refused(2, one, two);
        assertThat(run(check()).findings()).isEmpty();
        refused(3, refusal(1, "b.test", true, false), two, three);
        assertThat(run(check()).findings()).isEmpty();
    }
}
