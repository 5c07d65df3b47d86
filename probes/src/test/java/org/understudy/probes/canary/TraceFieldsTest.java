package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceFieldsTest {

    @Test
    void hops_fieldsOfKnownServers_areTheirHostsOldestFirst() {
        TraceFields trace = new TraceFields(
                List.of(
                        "from mx2.example.org (mx2.example.org [192.0.2.2])\r\n\tby MX1.example.org. (Postfix) with ESMTPS id 4XY",
                        "from [192.0.2.9] (helo=agent.example.net)\r\n\tby mx2.example.org with esmtp (Exim 4.96)\r\n\tid 1a-2b"));

        assertThat(trace.hops()).containsExactly("mx2.example.org", "mx1.example.org");
    }

    @Test
    void hops_byWithinComment_isNoHop() {
        TraceFields trace = new TraceFields(
                List.of("from a (helo by evil.example (nested by worse.example)) by mx1.example.org; date"));

        assertThat(trace.hops()).containsExactly("mx1.example.org");
    }

    @Test
    void hops_commentThatIsLongOrDeepOrOpen_hidesNothingElse() {
        for (String comment : List.of(
                "(" + "x".repeat(200_000) + ")",
                "(".repeat(100_000) + " by worse.example " + ")".repeat(100_000),
                "(never closed",
                "\\( by worse.example)",
                "(\\) by worse.example)")) {
            assertThat(new TraceFields(List.of("from a " + comment + " by mx1.example.org; date")).hops())
                    .as(comment.substring(0, 10))
                    .containsExactly("mx1.example.org");
        }
    }

    @Test
    void hops_fieldWithoutHost_isLeftOut() {
        assertThat(new TraceFields(List.of("(qmail 1234 invoked by uid 89); 24 Nov 2026 12:00:00 -0000")).hops())
                .isEmpty();
    }

    @Test
    void digest_foldingDiffers_isTheSame() {
        assertThat(new TraceFields(List.of("from a\r\n\tby b")).digest())
                .isEqualTo(new TraceFields(List.of("from a by b")).digest())
                .isNotEqualTo(new TraceFields(List.of("from a by b", "from c by a")).digest());
    }
}
