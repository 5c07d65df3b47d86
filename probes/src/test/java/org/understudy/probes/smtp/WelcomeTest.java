package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.smtp.SmtpWorld.loopback;
import static org.understudy.probes.smtp.SmtpWorld.run;
import static org.understudy.probes.smtp.SmtpWorld.spoil;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.VantageStanding;
import org.understudy.probes.VantageStanding.Refusal;

/** What is kept of how servers take us. */
class WelcomeTest {
    private final SmtpWorld world = new SmtpWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private VantageStanding standingAfterALook() {
        ProbeResult seen = run(world.reachability(Role.PRIMARY));
        assertThat(seen.transcript()).isNotEmpty();
        return world.questioner().standing();
    }

    @Test
    void serversThatTakeMail_leaveNothing_butOurAddress() {
        VantageStanding standing = standingAfterALook();
        assertThat(standing.own()).containsExactly(loopback(1));
        assertThat(standing.servers()).isEqualTo(1);
        assertThat(standing.refusals()).isEmpty();
    }

    @Test
    void refusedGreeting_isKept_withTheAddressesInIt() {
        world.primary.answer(
                "GREETING", "554 5.7.1 no service for you, 127.0.0.1, see https://bl.test/?ip=198.51.100.7");
        VantageStanding standing = standingAfterALook();
        assertThat(standing.own()).containsExactly(loopback(1));
        assertThat(standing.refusals()).hasSize(1);
        Refusal refusal = standing.refusals().get(0);
        assertThat(refusal.greeting()).isTrue();
        assertThat(refusal.about()).isFalse();
        assertThat(refusal.quoted())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1", "198.51.100.7");
        assertThat(refusal.words()).startsWith("554 5.7.1 no service");
        assertThat(refusal.domain()).isEqualTo(SmtpWorld.DOMAIN);
    }

    @Test
    void recipientsRefusedByABlockList_areAboutUs_andForgottenWhenTheyAreTaken() {
        spoil(world.primary, "^RCPT", "554 5.7.1 Service unavailable; client [203.0.113.9] blocked using bl.test");
        assertThat(standingAfterALook().refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.greeting()).isFalse();
            assertThat(refusal.about()).isTrue();
            assertThat(refusal.quoted()).extracting(InetAddress::getHostAddress).containsExactly("203.0.113.9");
        });
        SmtpWorld.inOrder(world.primary);
        assertThat(standingAfterALook().refusals()).isEmpty();
    }

    @Test
    void refusalsForOtherReasons_orForNow_areNotAboutUs() {
        spoil(world.primary, "^RCPT", "550 5.1.1 no such user here");
        assertThat(standingAfterALook().refusals()).isEmpty();
        world.primary.answer("GREETING", "421 4.3.2 busy");
        assertThat(standingAfterALook().refusals()).isEmpty();
    }

    @Test
    void refusal_isForgottenAfterAnHour() {
        world.primary.answer("GREETING", "554 5.7.1 go away");
        assertThat(standingAfterALook().refusals()).hasSize(1);
        world.clock.advance(Duration.ofMinutes(61));
        assertThat(world.questioner().standing().servers()).isZero();
        assertThat(world.questioner().standing().own()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client [192.0.2.1] blocked | 192.0.2.1",
                "IP=192.0.2.1. | 192.0.2.1",
                "see https://bl.test/lookup/2001:db8::1 | 2001:db8:0:0:0:0:0:1",
                "[IPv6:2001:db8::1] refused | 2001:db8:0:0:0:0:0:1",
                "4.7.1.2.3 at 12:30:15 of 2026 | ''",
                "version 1.2.3.4.5 | ''",
                "999.1.1.1 | ''"
            })
    void addresses_areReadFromText(String text, String expected) {
        assertThat(String.join(
                        " ",
                        QuotedAddresses.in(text).stream()
                                .map(InetAddress::getHostAddress)
                                .toList()))
                .isEqualTo(expected);
    }
}
