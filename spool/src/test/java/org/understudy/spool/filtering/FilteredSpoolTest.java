package org.understudy.spool.filtering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.Network;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.ClientListings;
import org.understudy.spool.DirectorySettings;
import org.understudy.spool.FilterCounts;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LoopbackReception;
import org.understudy.spool.NextHop;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;

/** A spool whose filters have something to say, between a real client and a scripted primary. */
class FilteredSpoolTest {
    private static final DomainName DOMAIN = new DomainName("example.org");
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final String MAIL = "Subject: x\r\n\r\nhello\r\n";

    @TempDir
    Path temporary;

    private final ScriptedServer primary = ScriptedServer.start();
    private @Nullable ScriptedFilter filter;
    private @Nullable Spool spool;

    @BeforeEach
    void startFilter() throws IOException {
        filter = ScriptedFilter.start();
    }

    @AfterEach
    void close() {
        primary.close();
        if (spool != null) {
            spool.close();
        }
        filter().close();
    }

    private ScriptedFilter filter() {
        if (filter == null) {
            throw new IllegalStateException("no filter");
        }
        return filter;
    }

    private Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("no spool");
        }
        return spool;
    }

    private NextHop nextHop() {
        return new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE);
    }

    private static FilterSettings asks(URI rspamd) {
        return new FilterSettings(Optional.of(rspamd), Optional.empty(), Duration.ofSeconds(5), 1_000_000, List.of());
    }

    private void open() {
        open(asks(filter().address()), r -> r);
    }

    private void open(FilterSettings filters, UnaryOperator<DirectorySettings> recipients) {
        SmtpTimeouts timeouts = SmtpTimeouts.all(SHORT);
        SpoolSettings settings = new SpoolSettings(
                        LoopbackReception.settings(20_000_000, 1000),
                        new StorageSettings(temporary.resolve("spool"), 1024 * 1024, 256 * 1024, 0),
                        new ForwardingSettings(
                                Map.of(DOMAIN, nextHop()),
                                new DomainName("mx2.test"),
                                Duration.ofMillis(200),
                                2,
                                Duration.ofMillis(300),
                                Duration.ofSeconds(2),
                                ForwardingPatience.standard(),
                                timeouts))
                .withRecipients(recipients)
                .withFilter(none -> filters);
        spool = Spool.open(settings, Clock.systemUTC());
        spool.start();
    }

    private void primaryIsSeenUp() {
        spool().signOfLife(nextHop(), "a probe");
    }

    private void primaryIsInTrouble() {
        spool().signOfTrouble(nextHop(), "a probe");
    }

    private TransactionResult submit(String content, String... localParts) {
        InetSocketAddress address = spool().addresses().get(0);
        List<Recipient> recipients = Stream.of(localParts)
                .map(local -> Recipient.of(new ForwardPath(local, Optional.of("example.org"))))
                .toList();
        Envelope envelope =
                new Envelope(ReversePath.of(new Mailbox("s", "sender.test")), EsmtpParameters.NONE, recipients);
        try (SmtpSession session = SmtpSession.open(
                        new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow()) {
            return session.send(
                    envelope,
                    MessageContent.of(content.getBytes(StandardCharsets.ISO_8859_1)),
                    TransactionObserver.NONE);
        }
    }

    private void assertAccepted(TransactionResult result) {
        assertThat(result.outcome()).as(result.toString()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
    }

    private String arrived() {
        await().atMost(Duration.ofSeconds(20)).until(() -> !primary.messages().isEmpty());
        return primary.messages().get(0).text();
    }

    private FilterCounts counts() {
        return spool().status().filtered();
    }

    private List<Path> held() throws IOException {
        try (Stream<Path> files = Files.list(temporary.resolve("spool").resolve("filtering"))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reject", "add header", "rewrite subject", "soft reject", "greylist", "quarantine"})
    void suspicious_primaryUp_isPutOff(String action) throws IOException {
        open();
        primaryIsSeenUp();
        filter().answer(200, ScriptedFilter.says(action));
        TransactionResult result = submit(MAIL, "a");
        assertThat(result.outcome()).isNotEqualTo(TransactionResult.Outcome.ACCEPTED);
        assertThat(result.toString()).contains("451").contains("4.7.1").contains("while the primary is up");
        assertThat(spool().status().counts().accepted()).isZero();
        assertThat(counts()).isEqualTo(new FilterCounts(0, 1, 0, 0));
        assertThat(held()).isEmpty();
    }

    @Test
    void suspicious_primaryInTrouble_isTakenWithAMark() {
        open();
        primaryIsSeenUp();
        primaryIsInTrouble();
        filter().answer(200, ScriptedFilter.says("reject"));
        assertAccepted(submit(MAIL, "a"));
        assertThat(arrived())
                .startsWith("X-Understudy-Filter: mx2.test; suspicious; rspamd: reject 20.3/15.0 GTUBE SMALL\r\n"
                        + "Received: from client.test ")
                .endsWith("\r\n" + MAIL);
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 1, 0));
    }

    /** As rspamd says it of what it knows at once, such as GTUBE: skipped were only its other rules. */
    @Test
    void suspiciousAtOnce_isPutOff() {
        open();
        primaryIsSeenUp();
        filter().answer(
                        200,
                        "{\"is_skipped\":true,\"score\":15.0,\"required_score\":15.0,\"action\":\"reject\","
                                + "\"symbols\":{\"GTUBE\":{\"name\":\"GTUBE\",\"score\":0.0}}}");
        assertThat(submit(MAIL, "a").toString()).contains("451").contains("4.7.1");
    }

    @Test
    void suspicious_nobodySeesThePrimary_isTakenWithAMark() {
        open();
        filter().answer(200, ScriptedFilter.says("reject"));
        assertAccepted(submit(MAIL, "a"));
        assertThat(arrived()).startsWith("X-Understudy-Filter: mx2.test; suspicious; ");
    }

    @Test
    void suspicious_markWouldMakeItTooLargeForThePrimary_isTakenWithoutIt() {
        open();
        primary.offers("SIZE 1000");
        // So that it is known what the primary takes.
        assertAccepted(submit(MAIL, "a"));
        await().atMost(Duration.ofSeconds(20)).until(() -> primary.messages().size() == 1);
        filter().answer(200, ScriptedFilter.says("reject"));
        int trace = primary.messages().get(0).text().length() - MAIL.length();
        String content = "Subject: x\r\n\r\n" + "x".repeat(980 - trace - 16) + "\r\n";
        assertAccepted(submit(content, "a"));
        await().atMost(Duration.ofSeconds(20)).until(() -> primary.messages().size() == 2);
        assertThat(primary.messages().get(1).text()).startsWith("Received: ").endsWith(content);
        assertThat(counts().marked()).isEqualTo(1);
    }

    @Test
    void clean_isTakenAsItIs_andTheFilterKnowsWhoSentIt() {
        open();
        primaryIsSeenUp();
        assertAccepted(submit(MAIL, "a", "b+c"));
        assertThat(arrived()).startsWith("Received: from client.test ").endsWith("\r\n" + MAIL);
        ScriptedFilter.Question question = filter().questions().get(0);
        assertThat(question.path()).isEqualTo("/checkv2");
        assertThat(question.fields())
                .containsEntry("Ip", List.of("127.0.0.1"))
                .containsEntry("Helo", List.of("client.test"))
                .containsEntry("From", List.of("s@sender.test"))
                .containsEntry("Rcpt", List.of("a@example.org", "b+c@example.org"))
                .containsKey("Queue-id");
        assertThat(question.body()).startsWith("Received: ").endsWith(MAIL);
        assertThat(counts()).isEqualTo(new FilterCounts(1, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"500|{\"error\":\"x\"}", "200|no json", "200|{}", "200|[]"})
    void filterSaysNothing_mailIsTaken(int status, String answer) {
        open();
        primaryIsSeenUp();
        filter().answer(status, answer);
        assertAccepted(submit(MAIL, "a"));
        assertThat(arrived()).startsWith("Received: ");
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 0, 1));
    }

    @Test
    void filterAnswersWithoutEnd_mailIsTaken() {
        open();
        primaryIsSeenUp();
        filter().answer(200, ScriptedFilter.says("reject") + " ".repeat(2_000_000));
        assertAccepted(submit(MAIL, "a"));
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 0, 1));
    }

    @Test
    void filterHangs_mailIsTakenAfterTheTime_andTheNextOneAtOnce() {
        open(
                new FilterSettings(
                        Optional.of(filter().address()),
                        Optional.empty(),
                        Duration.ofMillis(300),
                        1_000_000,
                        List.of()),
                r -> r);
        primaryIsSeenUp();
        filter().hang();
        assertAccepted(submit(MAIL, "a"));
        assertAccepted(submit(MAIL, "a"));
        assertThat(filter().questions()).hasSize(1);
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 0, 2));
    }

    @Test
    void filterIsNotThere_mailIsTaken() {
        URI nobody = filter().address();
        filter().close();
        open(asks(nobody), r -> r);
        primaryIsSeenUp();
        assertAccepted(submit(MAIL, "a"));
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 0, 1));
    }

    @Test
    void listedClient_primaryUp_isPutOff_andMarkedInTrouble() {
        ClientListings lists = (client, time) ->
                ClientListings.Answer.of(List.of("bl.test lists " + client.getHostAddress() + ": 127.0.0.2"));
        open(FilterSettings.NONE.withListings(lists), r -> r);
        primaryIsSeenUp();
        assertThat(submit(MAIL, "a").toString()).contains("451").contains("4.7.1");
        primaryIsInTrouble();
        assertAccepted(submit(MAIL, "a"));
        assertThat(arrived())
                .startsWith("X-Understudy-Filter: mx2.test; suspicious; bl.test lists 127.0.0.1: 127.0.0.2\r\n");
    }

    @Test
    void listInTrouble_mailIsTaken() {
        ClientListings lists = (client, time) -> new ClientListings.Answer(List.of(), List.of("bl.test is silent"));
        open(FilterSettings.NONE.withListings(lists), r -> r);
        primaryIsSeenUp();
        assertAccepted(submit(MAIL, "a"));
        assertThat(counts()).isEqualTo(new FilterCounts(0, 0, 0, 1));
    }

    @Test
    void canary_isNotLookedAt_butOneAmongOthersHidesNothing() {
        open(
                asks(filter().address()),
                r -> r.withCanary(q -> q.recipient().localPart().equals("canary")));
        primaryIsSeenUp();
        filter().answer(200, ScriptedFilter.says("reject"));
        assertAccepted(submit(MAIL, "canary"));
        assertThat(filter().questions()).isEmpty();
        assertThat(submit(MAIL, "canary", "a").toString()).contains("451");
    }

    @Test
    void sample_isLookedAt_althoughItIsForTheRecipientOfCanaries() {
        ReversePath samples = ReversePath.of(new Mailbox("s", "sender.test"));
        open(
                asks(filter().address()).withSamples(q -> q.reversePath().equals(samples)),
                r -> r.withCanary(q -> q.recipient().localPart().equals("canary")));
        primaryIsSeenUp();
        filter().answer(200, ScriptedFilter.says("reject"));
        assertThat(submit(MAIL, "canary").toString()).contains("451");
        assertThat(filter().questions()).hasSize(1);
    }

    @Test
    void exemptClient_isNotLookedAt() {
        FilterSettings all = asks(filter().address());
        open(
                new FilterSettings(
                        all.rspamd(),
                        all.listings(),
                        all.time(),
                        all.largestBytes(),
                        List.of(Network.parse("127.0.0.0/8"))),
                r -> r);
        primaryIsSeenUp();
        filter().answer(200, ScriptedFilter.says("reject"));
        assertAccepted(submit(MAIL, "a"));
        assertThat(filter().questions()).isEmpty();
    }

    /** In memory, in a file, in a large file of the store, and too large to be looked into. */
    @ParameterizedTest
    @CsvSource({"1000,1,0", "200000,1,0", "700000,1,0", "1500000,0,1"})
    void contentOfEachSize_arrivesOctetForOctet(int size, int clean, int unchecked) throws IOException {
        open();
        primaryIsSeenUp();
        byte[] random = new byte[size];
        new Random(size).nextBytes(random);
        String content = new String(random, StandardCharsets.ISO_8859_1)
                        .replace("\r", "")
                        .replace("\n", "\r\n") + "\r\n";
        assertAccepted(submit(content, "a"));
        assertThat(arrived()).endsWith(content);
        assertThat(counts()).isEqualTo(new FilterCounts(clean, 0, 0, unchecked));
        if (clean > 0) {
            assertThat(filter().questions().get(0).body()).endsWith(content);
        }
        assertThat(held()).isEmpty();
    }

    @Test
    void whatAnEarlierProcessHeld_isThrownAway() throws IOException {
        Path left = Files.createDirectories(temporary.resolve("spool").resolve("filtering"))
                .resolve("1.eml");
        Files.writeString(left, MAIL);
        open();
        assertThat(left).doesNotExist();
    }
}
