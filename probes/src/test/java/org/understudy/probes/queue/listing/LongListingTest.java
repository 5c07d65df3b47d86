package org.understudy.probes.queue.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.QueueCommand.Server;

/** A million messages are counted while they come, in a process that has no room for a tenth of them. */
class LongListingTest {
    private static final int COUNT = 1_000_000;
    private static final String ROOM = "-Xmx24m";

    @ParameterizedTest
    @EnumSource
    void listing_takesNoMoreMemoryThanAShortOne(Server server) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        ROOM,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongListingTest.class.getName(),
                        server.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.strip()).isEqualTo(Integer.toString(COUNT));
        assertThat(process.waitFor()).isZero();
    }

    /** Counts what the server of the argument lists. */
    public static void main(String[] arguments) throws IOException {
        Tally tally = new Tally(Listed.scope(), Listed.NOW);
        switch (Server.valueOf(arguments[0])) {
            case POSTFIX -> read(new PostfixListing(), tally, """
                    {"queue_name": "deferred", "queue_id": "4dCJTd0c1yz9Vw", "arrival_time": 1795680000, \
                    "message_size": 2048, "forced_expire": false, "sender": "a@sender.test", "recipients": \
                    [{"address": "jo@example.org", "delay_reason": "connect to mx1.example.org: Connection refused"}]}
                    """);
            case EXIM -> read(new EximListing(), tally, """
                    25m  2.9K 1vOaBc-0000000AbC1-2dEf <alice@sender.test>
                              jo@example.org

                    """);
            case HARAKA -> read(new HarakaListing(), tally, """
                    Q: 1795680000000_1795683600000_5_1234_abcDEF_1_mx2 rcpt:1 from:<a@sender.test> domain:example.org
                    """);
        }
        System.out.println(tally.snapshot("").queued());
    }

    private static void read(Listing listing, Tally tally, String message) throws IOException {
        listing.read(new Repeated(message.getBytes(StandardCharsets.UTF_8), COUNT), tally);
    }
}
