package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.probes.MailDomain;
import org.understudy.smtp.DomainName;

class PresumedContractTest {
    private static final DomainName DOMAIN = new DomainName("example.org");

    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private MailDomain look() throws IOException {
        return new PresumedContract(world.settings()).look(DOMAIN, 2525);
    }

    private static String text(MailDomain domain) {
        return domain.tiers().stream()
                .map(tier ->
                        tier.stream().map(e -> e.host() + " " + e.role().word()).collect(Collectors.joining(" + ")))
                .collect(Collectors.joining(", "));
    }

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(List.of(), ""),
                Arguments.of(List.of("10 mx1.example.org."), "mx1.example.org primary"),
                Arguments.of(
                        List.of("20 mx2.example.org.", "10 mx1.example.org.", "30 mx3.example.org."),
                        "mx1.example.org primary, mx2.example.org backup, mx3.example.org backup"),
                Arguments.of(
                        List.of("10 mx2.example.org.", "10 MX1.example.org.", "20 mx3.example.org."),
                        "mx1.example.org primary + mx2.example.org primary, mx3.example.org backup"),
                Arguments.of(List.of("10 mx1.example.org.", "20 mx1.example.org."), "mx1.example.org primary"),
                Arguments.of(
                        List.of(
                                "0 192.0.2.1.",
                                "5 mx_1.example.org.",
                                "10 mx1.example.org.",
                                "32767 ms1.msv1.invalid."),
                        "mx1.example.org primary"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void preferences_becomeRoles(List<String> records, String expected) throws IOException {
        world.everywhere(DnsWorld.zone(records));
        MailDomain domain = look();
        assertThat(text(domain)).isEqualTo(expected);
        assertThat(domain.exchangers()).allMatch(e -> e.port() == 2525);
        assertThat(domain.intent().mail()).isTrue();
    }

    @Test
    void nullMx_takesNoMail() throws IOException {
        world.everywhere(DnsWorld.zone(List.of("0 .")));
        assertThat(look().intent().mail()).isFalse();
    }

    @Test
    void resolverThatFails_isNoEmptyDomain() {
        world.healthy();
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThatThrownBy(this::look)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("example.org")
                .hasMessageContaining("SERVFAIL");
    }
}
