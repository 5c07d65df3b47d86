package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.QueueDetails.Senders;
import org.understudy.probes.QueueSnapshot;

class EximListingTest {

    private static QueueSnapshot read(String text) throws IOException {
        return Listed.read(new EximListing(), text);
    }

    /** As Exim makes it: the second, process and fraction, in base 62. */
    private static String id(Duration age) {
        String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        StringBuilder text = new StringBuilder();
        for (long rest = Listed.NOW.minus(age).getEpochSecond(); text.length() < 6; rest /= 62) {
            text.insert(0, digits.charAt((int) (rest % 62)));
        }
        return text + "-0000000AbC1-2dEf";
    }

    @Test
    void messages_ofTheDomain_areCounted() throws IOException {
        QueueSnapshot queue = read("25m  2.9K " + id(Duration.ofMinutes(25).plusSeconds(31)) + " <alice@sender.test>\n"
                + "          jo@example.org\n"
                + "\n"
                + " 3h   512 " + id(Duration.ofMinutes(190)) + " <>\n"
                + "        D ann@example.org\n"
                + "          bo@Example.Org\n"
                + "       +D generated@example.org\n"
                + "\n"
                + " 4d    2M " + id(Duration.ofDays(4)) + " <carol@sender.test> (carol)\n"
                + "          x@elsewhere.test\n"
                + "\n"
                + " 5d   10K " + id(Duration.ofDays(5)) + " <dan@sender.test>\n"
                + "        D done@example.org\n"
                + "\n");
        assertThat(queue.queued()).isEqualTo(2);
        assertThat(queue.bytes()).isEqualTo(Math.round(2.9 * 1024) + 512);
        assertThat(queue.oldestArrival()).isEqualTo(Listed.ago(Duration.ofMinutes(190)));
        assertThat(queue.details().overdue()).isEmpty();
        assertThat(queue.details().senders()).contains(new Senders(1, 4));
    }

    @Test
    void frozen_isHeld() throws IOException {
        QueueSnapshot queue =
                read("20d  1.0K " + id(Duration.ofDays(20)) + " <> *** frozen ***\n" + "          jo@example.org\n\n");
        assertThat(queue.queued()).isZero();
        assertThat(queue.details().held()).hasValue(1);
    }

    @Test
    void canary_isNoMail() throws IOException {
        assertThat(
                        read(" 1m   900 1vOaBc-0000000AbC1-2dEf <canary+01abc@example.org>\n          canary@example.org\n\n")
                                .queued())
                .isZero();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        // What the age says, where the id says something else.
        "42m, 0t5C6f-0000c8-00, PT42M",
        "70h, 0t5C6f-0000c8-00, PT70H",
        "9d, 0t5C6f-0000000c8Zz-0012, P9D"
    })
    void age_isTheAgeThatIsPrinted_whereTheIdContradicts(String age, String id, Duration expected) throws IOException {
        assertThat(read(age + "  2.9K " + id + " <a@sender.test>\n          jo@example.org\n\n")
                        .oldestArrival())
                .isEqualTo(Listed.ago(expected));
    }

    @ParameterizedTest(name = "{0}, really {1}")
    @CsvSource({"4d, P4DT11H", "4d, P3DT12H", "3d, PT72H31M", "90m, PT90M59S", " 0m, PT0S"})
    void age_isToTheSecond_byTheId(String printed, Duration age) throws IOException {
        assertThat(read(printed + "  2.9K " + id(age) + " <a@sender.test>\n          jo@example.org\n\n")
                        .oldestArrival())
                .isEqualTo(Listed.ago(age));
    }

    @Test
    void messageThatEximCannotRead_isSaid_andTheOthersAreCounted() throws IOException {
        QueueSnapshot queue = read("      " + id(Duration.ofHours(1)) + "\n"
                + "    *** spool format error: size=0 ***\n\n"
                + "12m       " + id(Duration.ofMinutes(12)) + " <a@sender.test>\n          jo@example.org\n\n");
        assertThat(queue.queued()).isEqualTo(1);
        assertThat(queue.bytes()).isZero();
        assertThat(queue.details().facts()).containsEntry("unreadable", "1 message(s), whosever they are");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3",
                "exim: permission denied",
                "{\"queue_name\": \"active\"}",
                "1aBcDe-0000000AbC1",
                "25m  2.9K <alice@sender.test>",
                "          jo@example.org"
            })
    void whatIsNoListing_isNeverTakenForAnEmptyQueue(String text) {
        assertThatThrownBy(() -> read(text + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("prints what is no listing of exim -bp: \"" + text.strip() + "\"");
    }

    @Test
    void arrivalIsAnInstant_alsoOfTheFirstId() throws IOException {
        assertThat(read("20000d 2.9K 000000-0000c8-00 <a@sender.test>\n          jo@example.org\n\n")
                        .oldestArrival())
                .hasValueSatisfying(arrival -> assertThat(arrival).isBefore(Instant.parse("1980-01-01T00:00:00Z")));
    }
}
