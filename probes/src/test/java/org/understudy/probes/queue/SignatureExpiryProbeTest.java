package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.HeldHeaders;
import org.understudy.probes.MovableClock;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.QueueSnapshot;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class SignatureExpiryProbeTest {
    private static final DomainName DOMAIN = new DomainName("example.org");

    private final MovableClock clock = new MovableClock();
    private final Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    private final List<HeldHeaders.Held> waiting = new ArrayList<>();
    private boolean up;
    private boolean refused;
    private String order = "";
    private int reads;
    private final SignatureExpiryProbe probe = new SignatureExpiryProbe(DOMAIN, this::queue, this::show, clock);

    private QueueSnapshot queue(Deadline deadline) {
        return new QueueSnapshot(up, waiting.size(), 0, 1, Optional.of(now), Optional.empty(), "", refused, order);
    }

    private void show(int most, Predicate<HeldHeaders.Held> reader) {
        reads++;
        for (HeldHeaders.Held held : waiting.stream().limit(most).toList()) {
            if (!reader.test(held)) {
                return;
            }
        }
    }

    private void held(String signature) {
        held("0MESSAGE" + waiting.size(), signature);
    }

    private void held(String id, String signature) {
        waiting.add(new HeldHeaders.Held(
                id, now.minus(Duration.ofHours(3)), "Received: by mx2.example.org\r\n" + signature + "\r\nSubject: x"));
    }

    private static String signed(String domain, Instant end) {
        return "DKIM-Signature: v=1; a=rsa-sha256; d=" + domain + ";\r\n\ts=2026; t=1; x=" + end.getEpochSecond()
                + "; b=AAAA";
    }

    private Instant in(Duration time) {
        return now.plus(time);
    }

    private ProbeResult run() {
        return probe.run(Deadline.after(Duration.ofSeconds(5)));
    }

    @Test
    void emptyQueue_isSilent_andNotRead() {
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        assertThat(reads).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "false, 23, true",
        "false, 25, false",
        "false, -1, true",
        "true, 2, false",
        "true, -1, true",
        "false, -4, false"
    })
    void end_isFound_ifItComesBeforeTheMailIsLikelyToBeHandedOver(boolean primaryUp, int hours, boolean found) {
        up = primaryUp;
        held(signed("news.example", in(Duration.ofHours(hours))));
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(found ? Outcome.FINDING : Outcome.OK);
        if (found) {
            assertThat(result.findings()).extracting(f -> f.type().id()).containsExactly("dkim-expires-in-queue");
            assertThat(result.findings().get(0).evidence())
                    .containsEntry("signing domains", "news.example 1")
                    .containsEntry("signatures with x=", "1");
        }
    }

    @Test
    void primaryThatRefuses_andOrderToHold_countAsOutage() {
        up = true;
        held(signed("news.example", in(Duration.ofHours(20))));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        refused = true;
        assertThat(run().outcome()).isEqualTo(Outcome.FINDING);
        refused = false;
        order = "frozen by ann";
        assertThat(run().outcome()).isEqualTo(Outcome.FINDING);
    }

    @Test
    void finding_hasTheFirstEnd_andWhoSigned() {
        held(signed("a.example", in(Duration.ofHours(9))));
        held(signed("b.example", in(Duration.ofHours(5))));
        held(signed("b.example", in(Duration.ofHours(7))) + "\r\n" + signed("c.example", in(Duration.ofDays(6))));
        held("From: nobody signed this");
        ProbeResult result = run();
        assertThat(result.findings()).hasSize(1);
        assertThat(result.findings().get(0).summary())
                .contains("3 signature(s)", in(Duration.ofHours(5)).toString());
        assertThat(result.findings().get(0).evidence())
                .containsEntry("looked at", "4 of the oldest messages, 4 wait")
                .containsEntry("signatures with x=", "4")
                .containsEntry("of these too short", "3")
                .containsEntry("signing domains", "b.example 2, a.example 1");
        assertThat(result.findings().get(0).evidence().get("first")).startsWith("0MESSAGE1 of ");
        assertThat(result.findings().get(0).fix()).contains("spool reroute example.org");
    }

    @Test
    void mail_isReadOnceInTenMinutes_andJudgedAtEveryRun() {
        held(signed("news.example", in(Duration.ofHours(24).plusMinutes(5))));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        clock.advance(Duration.ofMinutes(6));
        assertThat(run().outcome()).isEqualTo(Outcome.FINDING);
        assertThat(reads).isEqualTo(1);
        clock.advance(Duration.ofMinutes(5));
        assertThat(run().outcome()).isEqualTo(Outcome.FINDING);
        assertThat(reads).isEqualTo(2);
        waiting.clear();
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void notMoreThanSomeHundredMessages_areRead() {
        for (int i = 0; i < 500; i++) {
            held(signed("news.example", in(Duration.ofHours(1))));
        }
        assertThat(run().facts()).containsEntry("messages looked at", "200 of 500 that wait");
    }

    @Test
    void queueThatCannotBeRead_isUnknown() {
        held(signed("news.example", in(Duration.ofHours(1))));
        HeldHeaders broken = (most, reader) -> {
            throw new IllegalStateException("the index is busy");
        };
        ProbeResult result =
                new SignatureExpiryProbe(DOMAIN, this::queue, broken, clock).run(Deadline.after(Duration.ofSeconds(5)));
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("the index is busy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DKIM-Signature: v=1; d=A.Example; x=1800000000 | a.example | 1800000000",
                "dkim-signature:d = a . example;x = 18000 00000 | a.example | 1800000000",
                "DKIM-Signature: d=a.example; bx=1; x=never | a.example | 0",
                "DKIM-Signature: d=a.example; x=9999999999999 | a.example | 0",
                "DKIM-Signature: d=a\u0007b.example; x=1 | a?b.example | 1",
                "DKIM-Signature: x=1800000000 | '' | 0",
                "X-DKIM-Signature: d=a.example; x=1 | '' | 0"
            })
    void signature_isReadAsItStandsThere(String field, String domain, long end) {
        List<DkimSignature> found = DkimSignature.in(field);
        assertThat(found).hasSize(domain.isEmpty() ? 0 : 1);
        if (!found.isEmpty()) {
            assertThat(found.get(0).domain()).isEqualTo(domain);
            assertThat(found.get(0).expiry())
                    .isEqualTo(end == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(end)));
        }
    }
}
