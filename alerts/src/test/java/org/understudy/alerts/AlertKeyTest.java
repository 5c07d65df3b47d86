package org.understudy.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlertKeyTest {

    @Test
    void fingerprint_ofAKey_neverChanges() {
        AlertKey key = new AlertKey("example.org", "primary-unreachable", "mx1.example.org");

        // printf '11:example.org/19:primary-unreachable/mx1.example.org' | sha256sum | cut -c1-16
        assertThat(key.fingerprint()).isEqualTo("d346933e819defa1");
        assertThat(key.dedupKey()).isEqualTo("understudy/d346933e819defa1");
    }

    @Test
    void fingerprint_ofShiftedParts_differs() {
        assertThat(new AlertKey("a", "bc", "").fingerprint()).isNotEqualTo(new AlertKey("ab", "c", "").fingerprint());
        assertThat(new AlertKey("a", "b/0:", "c").fingerprint())
                .isNotEqualTo(new AlertKey("a", "b", "0:/c").fingerprint());
    }
}
