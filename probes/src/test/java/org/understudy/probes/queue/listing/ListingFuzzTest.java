package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.probes.QueueSnapshot;

/** Whatever a program prints is a listing, or is refused in one sentence; nothing else comes of it. */
class ListingFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "{\"queue_name\": \"deferred\", \"queue_id\": \"4dC\", \"arrival_time\": 1795680000, \"message_size\": 9,"
                                + " \"forced_expire\": true, \"sender\": \"MAILER-DAEMON\", \"recipients\":"
                                + " [{\"orig_address\": \"\", \"address\": \"jo@example.org\", \"delay_reason\": \"\\u0041\"}]}\n",
                        "{\"queue_name\": \"hold\", \"arrival_time\": -1, \"recipients\": []}",
                        """
                        25m  2.9K 1vOaBc-0000000AbC1-2dEf <alice@sender.test> (x) *** frozen ***
                                D a@example.org
                                  jo@example.org
                               +D b@example.org

                        """,
                        " 3d       0t5C6f-0000c8-00\n    *** spool format error ***\n\n",
                        "Q: 1795680000000_1795683600000_5_12_abcDEF_1_mx2 rcpt:2 from:<a@sender.test> domain:example.org\n",
                        "Q: 1795683600000_5_12_8888.mx2 rcpt:2 from:<> domain:example.org\n{ queue_dir: 'x' }\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void listing(byte[] octets) {
        for (Listing listing : List.of(new PostfixListing(), new EximListing(), new HarakaListing())) {
            Tally tally = new Tally(Listed.scope(), Listed.NOW);
            try {
                listing.read(new ByteArrayInputStream(octets), tally);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("prints what is no listing of ");
                assertThat(String.valueOf(e.getMessage()).chars()).noneMatch(Character::isISOControl);
                continue;
            }
            QueueSnapshot queue = tally.snapshot("");
            assertThat(queue.queued()).isNotNegative();
            assertThat(queue.bytes()).isNotNegative();
            assertThat(queue.details().overdue().orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }
}
