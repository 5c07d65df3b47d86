package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.QueueDetails.Senders;
import org.understudy.probes.QueueSnapshot;

class PostfixListingTest {
    private static final String REFUSED = "connect to mx1.example.org[192.0.2.1]:25: Connection refused";

    private static QueueSnapshot read(String... messages) throws IOException {
        return Listed.read(new PostfixListing(), String.join("\n", messages) + "\n");
    }

    private static String message(String queue, Duration age, long size, String sender, String recipients) {
        return "{\"queue_name\": \"" + queue + "\", \"queue_id\": \"4dCJTd0c1yz9Vw\", \"arrival_time\": "
                + Listed.NOW.minus(age).getEpochSecond() + ", \"message_size\": " + size
                + ", \"forced_expire\": false, \"sender\": \"" + sender + "\", \"recipients\": [" + recipients + "]}";
    }

    private static String to(String address) {
        return "{\"address\": \"" + address + "\"}";
    }

    private static String to(String address, String reason) {
        return "{\"address\": \"" + address + "\", \"delay_reason\": \"" + reason + "\"}";
    }

    @Test
    void messages_ofTheDomain_areCounted() throws IOException {
        QueueSnapshot queue = read(
                message("deferred", Duration.ofHours(3), 1000, "a@sender.test", to("jo@example.org", REFUSED)),
                message("active", Duration.ofMinutes(1), 200, "a@sender.test", to("Ann@EXAMPLE.org")),
                message("deferred", Duration.ofHours(9), 5000, "a@sender.test", to("x@elsewhere.test", "other")),
                message(
                        "deferred",
                        Duration.ofHours(2),
                        30,
                        "MAILER-DAEMON",
                        to("x@elsewhere.test", "other") + ", " + to("bo@example.org", REFUSED)));
        assertThat(queue.queued()).isEqualTo(3);
        assertThat(queue.bytes()).isEqualTo(1230);
        assertThat(queue.details().sized()).isTrue();
        assertThat(queue.oldestArrival()).isEqualTo(Listed.ago(Duration.ofHours(3)));
        assertThat(queue.lastError()).isEqualTo(REFUSED);
        assertThat(queue.retention().limit()).contains(Duration.ofDays(5));
        assertThat(queue.details().overdue()).isEmpty();
        assertThat(queue.details().senders()).contains(new Senders(1, 4));
        assertThat(queue.details().facts())
                .containsEntry("states", "deferred 2, active 1")
                .containsEntry("most frequent reason", REFUSED);
    }

    @Test
    void noMessage_isAnEmptyQueue() throws IOException {
        QueueSnapshot queue = read("");
        assertThat(queue.queued()).isZero();
        assertThat(queue.oldestArrival()).isEmpty();
        assertThat(queue.details().held()).hasValue(0);
        assertThat(queue.details().facts()).isEmpty();
    }

    @Test
    void hold_isAnOrder_andNeitherWaitsNorAges() throws IOException {
        QueueSnapshot queue = read(
                message("hold", Duration.ofDays(30), 1000, "a@sender.test", to("jo@example.org")),
                message("incoming", Duration.ofSeconds(3), 10, "a@sender.test", to("jo@example.org")));
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.details().held()).isEqualTo(OptionalLong.of(1));
        assertThat(queue.oldestArrival()).isEqualTo(Listed.ago(Duration.ofSeconds(3)));
    }

    @Test
    void canary_isNoMail_butWhoWritesToItsMailboxAndToOthersIs() throws IOException {
        QueueSnapshot queue = read(
                message("deferred", Duration.ofHours(1), 10, "canary+1abc@example.org", to("canary@example.org")),
                message("deferred", Duration.ofHours(1), 10, "other@sender.test", to("canary@example.org")),
                message(
                        "deferred",
                        Duration.ofMinutes(1),
                        10,
                        "other@sender.test",
                        to("canary@example.org") + ", " + to("jo@example.org")));
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.oldestArrival()).isEqualTo(Listed.ago(Duration.ofMinutes(1)));
    }

    @Test
    void recipientThatWasBounced_waitsNoMore() throws IOException {
        String bounced =
                "{\"orig_address\": \"\", \"address\": \"jo@example.org\", \"bounce_reason\": \"unknown user\"}";
        assertThat(read(message("active", Duration.ofHours(1), 10, "a@sender.test", bounced))
                        .queued())
                .isZero();
    }

    @Test
    void forcedExpire_isSaid() throws IOException {
        assertThat(read(message("deferred", Duration.ofHours(1), 10, "a@sender.test", to("jo@example.org"))
                                .replace("\"forced_expire\": false", "\"forced_expire\": true"))
                        .details()
                        .facts())
                .containsEntry("returned by order", "1 message(s), at the next attempt");
    }

    @Test
    void olderVersion_newerMembers_andOctetsThatAreNoUtf8_areRead() throws IOException {
        String old = message("deferred", Duration.ofHours(1), 10, "a@sender.test", to("jo@example.org"))
                .replace("\"forced_expire\": false, ", "")
                .replace("\"sender\"", "\"news\": {\"a\": [1, {\"b\": null}]}, \"sender\"");
        Tally tally = new Tally(Listed.scope(), Listed.NOW);
        new PostfixListing()
                .read(
                        new ByteArrayInputStream(
                                old.replace("a@sender", "\u00e4@sender").getBytes(StandardCharsets.ISO_8859_1)),
                        tally);
        assertThat(tally.snapshot("").queued()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postqueue: fatal: usage: postqueue -f",
                "[]",
                "17",
                "{}",
                "{\"queue_name\": \"active\", \"arrival_time\": 1, \"message_size\": 1}",
                "{\"queue_name\": \"active\", \"arrival_time\": \"yesterday\", \"recipients\": []}",
                "{\"queue_name\": \"active\", \"arrival_time\": 99999999999999, \"recipients\": []}",
                "{\"queue_name\": \"active\", \"arrival_time\": 99999999999999999999999, \"recipients\": []}",
                "{\"queue_name\": \"active\", \"arrival_time\": 1, \"recipients\": [1]}",
                "{\"queue_name\": \"active\", \"arrival_time\": 1, \"recipients\": {}}",
                "{\"queue_name\": \"active\", \"arrival_time\": 1, \"recipients\": [{\"address\"",
                "Mail queue is empty"
            })
    void whatIsNoListing_isNeverTakenForAnEmptyQueue(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("prints what is no listing of postqueue -j: \"");
    }

    @Test
    void mostFrequentReason_isFound_amongMoreThanAreKept() throws IOException {
        StringBuilder messages = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            String reason = i % 3 == 0 ? REFUSED : "lost connection with mx1 in session " + i;
            messages.append(message("deferred", Duration.ofHours(1), 1, "a@sender.test", to("jo@example.org", reason)))
                    .append('\n');
        }
        assertThat(read(messages.toString()).lastError()).isEqualTo(REFUSED);
    }

    @Test
    void messageToManyRecipients_andTextWithoutEnd_takeNoMoreMemoryThanAllowed() throws IOException {
        String recipients = (to("x@elsewhere.test") + ", ").repeat(200_000) + to("jo@example.org");
        assertThat(read(message("deferred", Duration.ofHours(1), 1, "a@sender.test", recipients))
                        .queued())
                .isEqualTo(1);
        InputStream endless = new Repeated("a".getBytes(StandardCharsets.UTF_8), 1_000_000_000);
        InputStream text = new java.io.SequenceInputStream(
                new ByteArrayInputStream("{\"queue_name\": \"".getBytes(StandardCharsets.UTF_8)), endless);
        assertThatThrownBy(() -> new PostfixListing().read(text, new Tally(Listed.scope(), Listed.NOW)))
                .hasMessageStartingWith("prints what is no listing");
    }
}
