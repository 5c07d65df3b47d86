package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.NextHopCapabilities;

/** What is offered and accepted when more or less is known of the next hops of example.org and example.net. */
class NextHopLimitsTest {
    private final Hops hops = new Hops();
    private final TestReceiver receiver = TestReceiver.start(hops);

    @AfterEach
    void stop() {
        receiver.close();
    }

    /** Two next hops, each of one domain. */
    private static final class Hops implements NextHopCapabilities {
        private final Map<String, Capabilities> known = new ConcurrentHashMap<>();

        @Override
        public Optional<Capabilities> of(ForwardPath recipient) {
            return recipient.domain().map(known::get);
        }

        @Override
        public List<Optional<Capabilities>> all() {
            return List.of(
                    Optional.ofNullable(known.get("example.org")), Optional.ofNullable(known.get("example.net")));
        }

        /** {@code SIZE=1000+SMTPUTF8}, {@code NONE} or {@code UNKNOWN}. */
        void set(String domain, String offered) {
            known.remove(domain);
            if (!offered.equals("UNKNOWN")) {
                Map<String, String> extensions = new LinkedHashMap<>();
                for (String extension : List.of(offered.split("\\+", -1))) {
                    int equals = extension.indexOf('=');
                    extensions.put(
                            equals < 0 ? extension : extension.substring(0, equals),
                            equals < 0 ? "" : extension.substring(equals + 1));
                }
                known.put(domain, new Capabilities(extensions));
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}: {2} {3} {4}")
    @CsvSource({
        "UNKNOWN, UNKNOWN, 100000, true, false",
        "SIZE=5000+8BITMIME+SMTPUTF8, SIZE=5000+8BITMIME+SMTPUTF8, 5000, true, true",
        "SIZE=5000+8BITMIME+SMTPUTF8, UNKNOWN, 100000, true, true",
        "SIZE=5000+8BITMIME, SIZE=7000+8BITMIME, 7000, true, false",
        "SIZE=5000+8BITMIME, SIZE=0+8BITMIME, 100000, true, false",
        "SIZE=5000+8BITMIME, SIZE+8BITMIME, 100000, true, false",
        "SIZE=900000000+8BITMIME, SIZE=900000000+8BITMIME, 100000, true, false",
        "SIZE=5000, SIZE=5000+8BITMIME, 5000, false, false",
        "NONE, NONE, 100000, false, false"
    })
    void ehlo_offersWhatSomeRecipientMayHave(String org, String net, String size, boolean eightBit, boolean utf8)
            throws IOException {
        hops.set("example.org", org);
        hops.set("example.net", net);
        try (RawClient client = receiver.client()) {
            String reply = client.send("EHLO client.test\r\n").fullReply();
            assertThat(reply).contains("250-SIZE " + size + "\n");
            assertThat(reply.contains("8BITMIME")).isEqualTo(eightBit);
            assertThat(reply.contains("SMTPUTF8")).isEqualTo(utf8);
        }
    }

    @ParameterizedTest(name = "{0}, {1}: MAIL {2} -> {3}; RCPT {4} -> {5}")
    @CsvSource({
        "UNKNOWN, UNKNOWN, SIZE=100000, 250, a@example.org, 250",
        "UNKNOWN, UNKNOWN, SIZE=100001, 552 5.3.4, a@example.org, 503",
        "SIZE=5000, SIZE=7000, SIZE=5000, 250, a@example.org, 250",
        "SIZE=5000, SIZE=7000, SIZE=5001, 250, a@example.org, 552 5.3.4",
        "SIZE=5000, SIZE=7000, SIZE=7000, 250, a@example.net, 250",
        "SIZE=5000, SIZE=7000, SIZE=7001, 552 5.3.4, a@example.net, 503",
        "SIZE=5000, UNKNOWN, SIZE=7001, 250, a@example.net, 250",
        "SIZE=5000, SIZE=5000, SIZE=99999999999999999999, 552 5.3.4, a@example.org, 503",
        "SMTPUTF8, SMTPUTF8, SMTPUTF8, 250, ä@example.org, 250",
        "SMTPUTF8, SMTPUTF8, SMTPUTF8=1, 501, ä@example.org, 503",
        "SMTPUTF8, NONE, SMTPUTF8, 250, ä@example.org, 250",
        "SMTPUTF8, NONE, SMTPUTF8, 250, a@example.net, 553 5.6.7",
        "SMTPUTF8, UNKNOWN, SMTPUTF8, 250, a@example.net, 450 4.6.7",
        "NONE, NONE, SMTPUTF8, 555 5.5.4, a@example.org, 503",
        "SMTPUTF8, SMTPUTF8, SIZE=1, 250, ä@example.org, 553 5.6.7",
        "8BITMIME, 8BITMIME, BODY=8BITMIME, 250, a@example.org, 250",
        "8BITMIME, UNKNOWN, BODY=8BITMIME, 250, a@example.org, 250",
        "8BITMIME, NONE, BODY=8BITMIME, 555 5.5.4, a@example.org, 503",
        "NONE, NONE, BODY=7BIT, 250, a@example.org, 250",
        "REQUIRETLS, REQUIRETLS, REQUIRETLS, 555 5.5.4, a@example.org, 503",
        "BINARYMIME, BINARYMIME, BODY=BINARYMIME, 555 5.5.4, a@example.org, 503"
    })
    void mailAndRcpt(String org, String net, String parameter, String toMail, String recipient, String toRcpt)
            throws IOException {
        hops.set("example.org", org);
        hops.set("example.net", net);
        try (RawClient client = receiver.client()) {
            assertThat(client.ask("MAIL FROM:<s@sender.test> " + parameter)).startsWith(toMail);
            assertThat(client.sendUtf8("RCPT TO:<" + recipient + ">\r\n").reply())
                    .startsWith(toRcpt);
        }
    }

    @Test
    void sender_notAscii_needsTheParameter() throws IOException {
        hops.set("example.org", "SMTPUTF8");
        try (RawClient client = receiver.client()) {
            assertThat(client.sendUtf8("MAIL FROM:<ä@sender.test>\r\n").reply()).startsWith("550 5.6.7");
            assertThat(client.sendUtf8("MAIL FROM:<ä@sender.test> SMTPUTF8\r\n").reply())
                    .startsWith("250");
        }
    }

    @ParameterizedTest(name = "{0}, {1}: second recipient {2}")
    @CsvSource({
        "SIZE=5000, SIZE=5000, 250 2.1.5",
        "SIZE=5000, SIZE=7000, 452 4.5.3",
        "UNKNOWN, SIZE=7000, 452 4.5.3",
        "UNKNOWN, SIZE=200000, 250 2.1.5",
        "SIZE=300000, NONE, 250 2.1.5",
        "UNKNOWN, UNKNOWN, 250 2.1.5"
    })
    void recipients_whoseHostsTakeDifferentSizes_goSeparately(String org, String net, String reply) throws IOException {
        hops.set("example.org", org);
        hops.set("example.net", net);
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.ask("RCPT TO:<b@example.net>")).startsWith(reply);
            assertThat(client.ask("RCPT TO:<b@example.org>")).startsWith("250");
        }
    }

    /** The trace field counts: the next hop sees the message with it. */
    @ParameterizedTest(name = "DATA={0}")
    @CsvSource({"true", "false"})
    void content_isRefused_exactlyWhereTheNextHopWouldRefuseIt(boolean byData) throws IOException {
        try (RawClient client = receiver.client()) {
            String first = transfer(client, "x\r\n", byData);
            assertThat(first).startsWith("250");
            int trace = receiver.messages().get(0).text().length() - 3;
            hops.set("example.org", "SIZE=5000");
            int most = 5000 - trace;
            assertThat(transfer(client, "x".repeat(most - 2) + "\r\n", byData)).startsWith("250");
            assertThat(receiver.messages().get(1).text()).hasSize(5000);
            assertThat(transfer(client, "x".repeat(most - 1) + "\r\n", byData)).startsWith("552 5.3.4");
        }
        assertThat(receiver.messages()).hasSize(2);
    }

    private static String transfer(RawClient client, String content, boolean byData) throws IOException {
        client.send(TestReceiver.ENVELOPE);
        client.replies(2);
        if (byData) {
            client.ask("DATA");
            return client.send(content + ".\r\n").reply();
        }
        return client.send("BDAT " + content.length() + " LAST\r\n" + content).reply();
    }

    @Test
    void internationalizedMessage_saysSoInItsTraceField() throws IOException {
        hops.set("example.org", "SMTPUTF8+8BITMIME");
        try (RawClient client = receiver.client()) {
            assertThat(client.sendUtf8("MAIL FROM:<ü@sender.test> SMTPUTF8 BODY=8BITMIME\r\n")
                            .reply())
                    .startsWith("250");
            assertThat(client.sendUtf8("RCPT TO:<ä@example.org> ORCPT=utf-8;ä@example.org\r\n")
                            .reply())
                    .startsWith("250");
            client.ask("DATA");
            assertThat(client.sendUtf8("Subject: ö\r\n\r\n.\r\n").reply()).startsWith("250");
        }
        MemoryIntake.Stored stored = receiver.messages().get(0);
        String text = new String(stored.text().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(text).contains("with UTF8SMTP id", "for <ä@example.org>; ", "Subject: ö");
        assertThat(stored.envelope().parameters().has("SMTPUTF8")).isTrue();
        assertThat(stored.envelope().reversePath()).hasToString("<ü@sender.test>");
        assertThat(stored.envelope().recipients().get(0).parameters().value("ORCPT"))
                .contains("utf-8;ä@example.org");
    }
}
