package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest(name = "{1} in {0}: {2}")
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.77/24, 192.0.2.1, true",
        "10.128.0.0/9, 10.255.0.1, true",
        "10.128.0.0/9, 10.127.255.255, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::1, 2001:db8::1, true"
    })
    void contains_(String network, String address, boolean contained) {
        assertThat(Network.parse(network).contains(Network.parseAddress(address).orElseThrow()))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "localhost",
                "192.0.2.0/33",
                "192.0.2/24",
                "192.0.2.0/",
                "::1/129",
                "256.0.0.1",
                "1.2.3.4.5",
                "10/8",
                "face/16"
            })
    void parse_somethingElse_saysWhatToWrite(String text) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(write an address, or address/prefix|must be 0 to).*");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.77, 192.0.2.0/24", "2001:db8:1:2:3::4, 2001:db8:1:2:0:0:0:0/64"})
    void around_isWhatOneCustomerHas(String address, String network) {
        assertThat(Network.around(Network.parseAddress(address).orElseThrow())).hasToString(network);
    }
}
