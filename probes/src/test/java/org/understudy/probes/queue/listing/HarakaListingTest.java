package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.QueueDetails.Senders;
import org.understudy.probes.QueueSnapshot;

class HarakaListingTest {
    /** What its modules print before. */
    private static final String NOISE =
            "Using iconv-lite only. To support rare encodings: npm install iconv\nloaded TLD files: 1=1437 2=7876 3=3795\n";

    private static QueueSnapshot read(String text) throws IOException {
        return Listed.read(new HarakaListing(), NOISE + text);
    }

    private static String line(Duration age, Duration untilNext, String from, String domain) {
        return "Q: " + Listed.NOW.minus(age).toEpochMilli() + "_"
                + Listed.NOW.plus(untilNext).toEpochMilli() + "_5_1234_abcDEF_1_mx2\\137x.example.org rcpt:2 from:<"
                + from + "> domain:" + domain + "\n";
    }

    @Test
    void messages_ofTheDomain_areCounted_andWhatIsDueIsKnown() throws IOException {
        QueueSnapshot queue = read(line(Duration.ofHours(5), Duration.ofMinutes(30), "a@sender.test", "example.org")
                + line(Duration.ofHours(1), Duration.ofMinutes(-7), "", "Example.org")
                + line(Duration.ofHours(9), Duration.ofMinutes(-50), "a@sender.test", "elsewhere.test")
                + line(Duration.ofHours(9), Duration.ofMinutes(-50), "canary+1@example.org", "example.org"));
        assertThat(queue.queued()).isEqualTo(2);
        assertThat(queue.details().sized()).isFalse();
        assertThat(queue.oldestArrival()).isEqualTo(Listed.ago(Duration.ofHours(5)));
        assertThat(queue.details().overdue()).contains(Duration.ofMinutes(7));
        assertThat(queue.details().nextAttempt()).contains(Duration.ofMinutes(30));
        assertThat(queue.details().senders()).contains(new Senders(1, 4));
    }

    @Test
    void nothingDue_isZero_andNothingAtAllIsAnEmptyQueue() throws IOException {
        assertThat(read(line(Duration.ofHours(5), Duration.ofMinutes(30), "a@sender.test", "example.org"))
                        .details()
                        .overdue())
                .contains(Duration.ZERO);
        assertThat(read("").queued()).isZero();
        assertThat(read("").details().nextAttempt()).isEmpty();
    }

    @Test
    void oldNameOfAFile_hasNoArrival() throws IOException {
        QueueSnapshot queue = read("Q: " + Listed.NOW.minusSeconds(60).toEpochMilli()
                + "_0_12345_8888.mta1.example.com rcpt:1 from:<a b@sender.test> domain:example.org\n");
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.oldestArrival()).isEmpty();
        assertThat(queue.details().overdue()).contains(Duration.ofMinutes(1));
        assertThat(queue.details().nextAttempt()).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ queue_dir: '/var/haraka/queue', queue_count: 3 }",
                "Q: 1_2 rcpt:1 from:<> domain:example.org",
                "Q: "
            })
    void whatIsNoListing_isNeverTakenForAnEmptyQueue(String text) {
        assertThatThrownBy(() -> read(text + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("prints what is no listing of haraka --qlist: \"");
    }
}
