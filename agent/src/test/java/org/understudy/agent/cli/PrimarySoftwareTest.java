package org.understudy.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.smtp.Network;

class PrimarySoftwareTest {
    private static List<InetAddress> backup() {
        return addresses("192.0.2.7", "2001:db8::7");
    }

    private static List<InetAddress> addresses(String... literals) {
        return Arrays.stream(literals)
                .map(literal -> Network.parseAddress(literal).orElseThrow())
                .toList();
    }

    @Test
    void postfix_wantsBracketsAroundIPv6() {
        assertThat(PrimarySoftware.POSTFIX.configuration(backup()))
                .contains(
                        "\nsmtpd_authorized_xclient_hosts = 192.0.2.7, [2001:db8::7]\n",
                        "\n192.0.2.7/32 permit\n2001:db8::7/128 permit\n",
                        "::1,192.0.2.7/32,2001:db8::7/128");
    }

    @Test
    void exim_wantsColonsTwice() {
        assertThat(PrimarySoftware.EXIM.configuration(backup()))
                .contains("\nhostlist backup_mx = 192.0.2.7 : 2001::db8::::7\n");
    }

    @Test
    void filters_wantPlainAddresses() {
        assertThat(PrimarySoftware.RSPAMD.configuration(backup()))
                .contains("\nlocal_addrs = [\"192.0.2.7\", \"2001:db8::7\"];\n", "strategy = \"local\"");
        assertThat(PrimarySoftware.SPAMASSASSIN.configuration(backup()))
                .contains("\ntrusted_networks 192.0.2.7 2001:db8::7\n", "\ninternal_networks 192.0.2.7 2001:db8::7\n");
    }

    @ParameterizedTest
    @EnumSource(PrimarySoftware.class)
    void nothingIsLeftOpen(PrimarySoftware software) {
        assertThat(software.configuration(backup())).doesNotContain("@");
    }

    @Test
    void addressWithoutZeros_isWrittenAsItIs() {
        List<InetAddress> full = addresses("2001:db8:1:2:3:4:5:6", "::1");
        assertThat(PrimarySoftware.SPAMASSASSIN.configuration(full))
                .contains("trusted_networks 2001:db8:1:2:3:4:5:6 ::1\n");
    }
}
