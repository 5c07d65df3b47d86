package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Reply;
import org.understudy.smtp.TestCertificates;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SmtpReceiver;
import org.understudy.spool.SpoolException;
import org.understudy.spool.TrustedClients;

class SmtpReceiverTest {
    private final MemoryIntake intake = new MemoryIntake();
    private Optional<SmtpReceiver> running = Optional.empty();

    @AfterEach
    void stop() {
        running.ifPresent(SmtpReceiver::close);
    }

    private static ReceptionSettings settings(int perClient, Duration timeout, Optional<SSLContext> tls) {
        return new ReceptionSettings(
                new DomainName("mx2.test"),
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                100_000,
                100,
                5,
                new SessionLimits(
                        50,
                        perClient,
                        50,
                        Duration.ofSeconds(10),
                        timeout,
                        Duration.ofHours(1),
                        Duration.ofSeconds(60),
                        100),
                tls.map(context -> () -> context),
                TrustedClients.NONE);
    }

    private SmtpReceiver start(ReceptionSettings settings) {
        SmtpReceiver receiver = SmtpReceiver.start(
                settings,
                RecipientPolicy.byAddress(
                        path -> path.domain().map("example.org"::equals).orElse(true)
                                ? Optional.empty()
                                : Optional.of(Reply.of(550, "5.7.1 Relay denied"))),
                intake,
                Clock.systemUTC());
        running = Optional.of(receiver);
        return receiver;
    }

    private RawClient client() throws IOException {
        SmtpReceiver receiver = running.orElseGet(() -> start(settings(50, Duration.ofSeconds(20), Optional.empty())));
        RawClient client = new RawClient(receiver.addresses().get(0));
        assertThat(client.reply()).startsWith("220 mx2.test");
        return client;
    }

    /** At the 354. */
    private RawClient inData() throws IOException {
        RawClient client = client();
        client.ask("EHLO client.test");
        assertThat(client.send(TestReceiver.ENVELOPE + "DATA\r\n").replies(3).get(2))
                .startsWith("354");
        return client;
    }

    @Test
    void ehlo_offers_whatIsKept() throws IOException {
        try (RawClient client = client()) {
            String reply = client.send("EHLO client.test\r\n").fullReply();
            assertThat(reply)
                    .contains("250-mx2.test\n", "PIPELINING", "SIZE 100000", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN")
                    .contains("CHUNKING", "LIMITS MAILMAX=100000 RCPTMAX=100")
                    .doesNotContain("Ok", "STARTTLS", "BINARYMIME", "SMTPUTF8", "REQUIRETLS", "AUTH");
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "MAIL FROM:<s@sender.test>|503 5.5.1",
                "RCPT TO:<a@example.org>|503 5.5.1",
                "DATA|503 5.5.1",
                "EHLO|501 5.5.4",
                "HELO a b|501 5.5.4",
                "NOOP anything|250 2.0.0",
                "RSET|250 2.0.0",
                "VRFY jo|252 2.5.2",
                "EXPN list|502 5.5.1",
                "HELP|214 2.0.0",
                "ETRN x|502 5.5.1",
                "AUTH PLAIN|502 5.5.1",
                "STARTTLS|502 5.5.1",
                "XCLIENT ADDR=1.2.3.4|550 5.7.0",
                "DATAxyz|500 5.5.1",
                "QUITfoo|500 5.5.1",
                "X|500 5.5.1",
                "QUIT|221 2.0.0"
            })
    void command_beforeEhlo(String command, String reply) throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask(command)).startsWith(reply);
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "FROM:<s@sender.test>|250 2.1.0",
                "FROM:<>|250 2.1.0",
                "FROM:<s@sender.test> SIZE=100000|250 2.1.0",
                "FROM:<s@sender.test> SIZE=100001|552 5.3.4",
                "FROM:<s@sender.test> SIZE=99999999999999999999|552 5.3.4",
                "FROM:<s@sender.test> SIZE=100001 BODY=8BITMIME|552 5.3.4",
                "FROM:<s@sender.test> SIZE=x|501 5.5.4",
                "FROM:<s@sender.test> BODY=8BITMIME RET=HDRS ENVID=abc+3D|250 2.1.0",
                "FROM:<s@sender.test> BODY=BINARYMIME|555 5.5.4",
                "FROM:<s@sender.test> RET=SOME|501 5.5.4",
                "FROM:<s@sender.test> FOO=bar|555 5.5.4",
                "FROM:<s@sender.test> BODY=9BIT|501 5.5.4",
                "FROM:<s@sender.test> SMTPUTF8|555 5.5.4",
                "FROM:<s@sender.test> REQUIRETLS|555 5.5.4",
                "FROM:garbage|501 5.5.4",
                "FROM:<@relay.test:s@sender.test>|250 2.1.0"
            })
    void mail_parameters(String argument, String reply) throws IOException {
        try (RawClient client = client()) {
            client.ask("EHLO client.test");
            assertThat(client.ask("MAIL " + argument)).startsWith(reply);
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "TO:<a@example.org>|250 2.1.5",
                "TO:<postmaster>|250 2.1.5",
                "TO:<a@other.test>|550 5.7.1",
                "TO:<a%other.test@example.org>|250 2.1.5",
                "TO:<@example.org:a@other.test>|550 5.7.1",
                "TO:garbage|501 5.5.4",
                "TO:<>|501 5.5.4",
                "TO:<a@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a@example.org|250 2.1.5",
                "TO:<a@example.org> NOTIFY=NEVER,DELAY|501 5.5.4",
                "TO:<a@example.org> NOTIFY=MAYBE|501 5.5.4",
                "TO:<a@example.org> FOO=bar|555 5.5.4"
            })
    void rcpt_parameters(String argument, String reply) throws IOException {
        try (RawClient client = client()) {
            client.ask("EHLO client.test");
            client.ask("MAIL FROM:<s@sender.test>");
            assertThat(client.ask("RCPT " + argument)).startsWith(reply);
        }
    }

    @Test
    void mail_nested_isRefused() throws IOException {
        try (RawClient client = client()) {
            client.ask("EHLO client.test");
            client.ask("MAIL FROM:<s@sender.test>");
            assertThat(client.ask("MAIL FROM:<t@sender.test>")).startsWith("503");
            assertThat(client.ask("RSET")).startsWith("250");
            assertThat(client.ask("MAIL FROM:<t@sender.test>")).startsWith("250");
        }
    }

    @Test
    void rcpt_tooMany_areDeferredNotRefused() throws IOException {
        try (RawClient client = client()) {
            client.ask("EHLO client.test");
            client.ask("MAIL FROM:<s@sender.test>");
            for (int i = 0; i < 100; i++) {
                assertThat(client.ask("RCPT TO:<a" + i + "@example.org>")).startsWith("250");
            }
            assertThat(client.ask("RCPT TO:<b@example.org>")).startsWith("452 4.5.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\n", "EHLO \u0001x\r\n", "EHLO \u00ff\u00fe\r\n"})
    void command_badLine_closes(String octets) throws IOException {
        try (RawClient client = client()) {
            assertThat(client.send(octets).reply()).startsWith("500 5.5.2");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void command_tooLong_isRefused() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.ask("EHLO " + "x".repeat(5000))).startsWith("500 5.5.2");
            assertThat(client.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void errors_tooMany_close() throws IOException {
        try (RawClient client = client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.ask("NONSENSE")).startsWith("500");
            }
            assertThat(client.ask("NONSENSE")).startsWith("500");
            assertThat(client.reply()).startsWith("421 4.7.0");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void silence_endsIn421() throws IOException {
        start(settings(50, Duration.ofMillis(200), Optional.empty()));
        try (RawClient client = client()) {
            assertThat(client.reply()).startsWith("421 4.4.2");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void slowLoris_isCutAfterTheTimeOfOneLine() throws Exception {
        start(settings(50, Duration.ofMillis(400), Optional.empty()));
        try (RawClient client = client()) {
            CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.reply();
                } catch (IOException e) {
                    return "closed";
                }
            });
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    client.send("N");
                } catch (IOException e) {
                    return true;
                }
                return reply.isDone();
            });
            assertThat(reply.get()).matches("421 4.4.2.*|closed");
        }
    }

    @Test
    void admission_perClient_isLimited() throws IOException {
        start(settings(2, Duration.ofSeconds(20), Optional.empty()));
        try (RawClient first = client();
                RawClient second = client();
                RawClient third =
                        new RawClient(running.orElseThrow().addresses().get(0))) {
            assertThat(third.reply()).startsWith("421 4.7.0");
            assertThat(first.ask("QUIT")).startsWith("221");
            assertThat(second.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void drain_openTransaction_endsIn250_idleIn421() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch committing = new CountDownLatch(1);
        intake.gate = gate;
        intake.committing = committing;
        try (RawClient busy = inData();
                RawClient idle = client()) {
            busy.send("x\r\n.\r\n");
            committing.await();
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> running.orElseThrow().drain(Duration.ofSeconds(10)));
            assertThat(idle.reply()).startsWith("421 4.3.2");
            assertThat(idle.reply()).isEqualTo("closed");
            try (RawClient late =
                    new RawClient(running.orElseThrow().addresses().get(0))) {
                assertThat(late.reply()).startsWith("421 4.3.2");
            }
            assertThat(drained).isNotDone();
            gate.countDown();
            assertThat(busy.reply()).startsWith("250 2.0.0 Ok: queued");
            assertThat(drained.get()).isTrue();
        }
        assertThat(intake.messages()).hasSize(1);
    }

    @Test
    void close_whileAClientNeverReads_ends() throws Exception {
        try (RawClient client = client()) {
            Socket socket = client.socket();
            Thread flood = new Thread(() -> {
                byte[] noops = "VRFY someone\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
                try {
                    while (true) {
                        socket.getOutputStream().write(noops);
                    }
                } catch (IOException e) {
                    Thread.currentThread().interrupt();
                }
            });
            flood.setDaemon(true);
            flood.start();
            CompletableFuture<Void> closed =
                    CompletableFuture.runAsync(() -> running.orElseThrow().close());
            await().until(closed::isDone);
        }
    }

    @Test
    void close_portIsFreeAgain() throws IOException {
        SmtpReceiver receiver = start(settings(5, Duration.ofSeconds(5), Optional.empty()));
        InetSocketAddress address = receiver.addresses().get(0);
        receiver.close();
        assertThatThrownBy(() -> new RawClient(address)).isInstanceOf(IOException.class);
        running = Optional.empty();
    }

    @Test
    void start_portTaken_saysWhich() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ReceptionSettings s = settings(5, Duration.ofSeconds(5), Optional.empty());
            ReceptionSettings onTaken = s.withListen(
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort())));
            assertThatThrownBy(() -> start(onTaken))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining(":" + taken.getLocalPort())
                    .hasMessageContaining("cannot be used");
        }
    }

    @Test
    void startTls_works_andIsNotOfferedAgain() throws Exception {
        start(settings(50, Duration.ofSeconds(20), Optional.of(TestCertificates.valid("mx2.test"))));
        try (RawClient client = client()) {
            assertThat(client.send("EHLO client.test\r\n").fullReply()).contains("STARTTLS");
            assertThat(client.ask("STARTTLS")).startsWith("220 2.0.0");
            client.startTls(trusting());
            assertThat(client.ask("MAIL FROM:<s@sender.test>")).startsWith("503");
            assertThat(client.send("EHLO client.test\r\n").fullReply()).doesNotContain("STARTTLS");
            assertThat(client.ask("STARTTLS")).startsWith("503");
            client.send("MAIL FROM:<s@sender.test>\r\nRCPT TO:<a@example.org>\r\nDATA\r\nx\r\n.\r\n");
            client.reply();
            client.reply();
            client.reply();
            assertThat(client.reply()).startsWith("250");
        }
        assertThat(intake.messages().get(0).text()).contains("(using TLSv1.3)", "with ESMTPS id");
    }

    @Test
    void startTls_plaintextBehindIt_closes() throws IOException {
        start(settings(50, Duration.ofSeconds(20), Optional.of(TestCertificates.valid("mx2.test"))));
        try (RawClient client = client()) {
            client.ask("EHLO client.test");
            client.send("STARTTLS\r\nMAIL FROM:<evil@sender.test>\r\n");
            assertThat(client.reply()).startsWith("500 5.5.2");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
        return context;
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
