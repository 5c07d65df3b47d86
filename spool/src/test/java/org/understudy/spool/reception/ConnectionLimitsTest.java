package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.TestCertificates;
import org.understudy.spool.SessionLimits;

/** Each limit, and that it does not hit those who keep it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConnectionLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static SessionLimits count(int maximum, int perClient, int perNetwork, Duration evictAfter) {
        return new SessionLimits(maximum, perClient, perNetwork, evictAfter, LONG, LONG, LONG, 100);
    }

    private static SessionLimits time(Duration command, Duration session, Duration handshake, int rate) {
        return new SessionLimits(50, 50, 50, LONG, command, session, handshake, rate);
    }

    private static Duration millis(int n) {
        return Duration.ofMillis(n);
    }

    /** One octet after the other, until the connection is closed. */
    private static CompletableFuture<Void> trickle(RawClient client, String octet) {
        return CompletableFuture.runAsync(() -> await().pollInterval(millis(50)).until(() -> {
            try {
                client.send(octet);
                return false;
            } catch (IOException e) {
                return true;
            }
        }));
    }

    @Test
    void perClient_andPerNetwork_areLimited() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(count(50, 2, 3, LONG));
                RawClient first = receiver.connectFrom("127.0.1.1");
                RawClient second = receiver.connectFrom("127.0.1.1");
                RawClient third = receiver.connectFrom("127.0.1.1")) {
            assertThat(first.reply()).startsWith("220");
            assertThat(second.reply()).startsWith("220");
            assertThat(third.reply()).startsWith("421 4.7.0");
            try (RawClient neighbour = receiver.connectFrom("127.0.1.2");
                    RawClient another = receiver.connectFrom("127.0.1.3");
                    RawClient elsewhere = receiver.connectFrom("127.0.2.1")) {
                assertThat(neighbour.reply()).startsWith("220");
                assertThat(another.reply()).startsWith("421 4.7.0");
                assertThat(elsewhere.reply()).startsWith("220");
            }
            first.ask("QUIT");
            await().until(() -> receiver.counts().sessions() == 1);
            try (RawClient again = receiver.connectFrom("127.0.1.3")) {
                assertThat(again.reply()).startsWith("220");
            }
        }
    }

    @Test
    void full_nobodyIdleLongEnough_newcomerIsToldToComeBack() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(count(2, 2, 2, LONG));
                RawClient first = receiver.connect();
                RawClient second = receiver.connect()) {
            first.reply();
            second.reply();
            try (RawClient third = receiver.connectFrom("127.0.1.1")) {
                assertThat(third.reply()).startsWith("421 4.3.2");
                assertThat(third.reply()).isEqualTo("closed");
            }
            assertThat(first.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void full_theOneThatIsIdleLongest_makesRoom() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(count(3, 3, 3, millis(300)));
                RawClient inTransaction = receiver.connect();
                RawClient idleLongest = receiver.connect();
                RawClient idle = receiver.connect()) {
            inTransaction.reply();
            inTransaction.ask("EHLO client.test");
            inTransaction.ask("MAIL FROM:<>");
            idleLongest.reply();
            idle.reply();
            await().pollDelay(millis(200)).until(() -> true);
            idle.ask("NOOP");
            RawClient newcomer = await().until(
                            () -> {
                                RawClient client = receiver.connectFrom("127.0.1.1");
                                if (client.reply().startsWith("220")) {
                                    return client;
                                }
                                client.close();
                                return null;
                            },
                            client -> client != null);
            assertThat(idleLongest.reply()).startsWith("421 4.3.2");
            assertThat(idleLongest.reply()).isEqualTo("closed");
            assertThat(idle.ask("NOOP")).startsWith("250");
            assertThat(inTransaction.ask("RCPT TO:<a@example.org>")).startsWith("250");
            assertThat(newcomer.ask("EHLO client.test")).startsWith("250");
            newcomer.close();
        }
    }

    @Test
    void sessionTime_endsBetweenTransactions() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(LONG, Duration.ofSeconds(3), LONG, 100));
                RawClient idle = receiver.client();
                RawClient busy = receiver.client()) {
            busy.send(TestReceiver.ENVELOPE + "DATA\r\n");
            busy.reply();
            busy.reply();
            busy.reply();
            assertThat(idle.reply()).startsWith("421 4.4.2");
            assertThat(idle.reply()).isEqualTo("closed");
            assertThat(busy.send("x\r\n.\r\n").reply()).startsWith("250 2.0.0 Ok: queued");
            assertThat(busy.reply()).startsWith("421 4.4.2");
        }
    }

    @Test
    void sessionTime_twiceOver_cutsWhateverIsGoingOn() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(LONG, millis(500), LONG, 1));
                RawClient client = receiver.clientInTransaction()) {
            client.ask("DATA");
            assertThat(client.send("x\r\n").reply()).isEqualTo("closed");
            assertThat(receiver.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void content_thatComesTooSlowly_isCut(boolean tls) throws Exception {
        try (TestReceiver receiver = TestReceiver.start(
                        time(millis(700), LONG, LONG, 1000), () -> TestCertificates.valid("mx2.test"));
                RawClient client = receiver.client()) {
            if (tls) {
                client.ask("STARTTLS");
                client.startTls(trusting());
                client.ask("EHLO client.test");
            }
            client.send(TestReceiver.ENVELOPE + "DATA\r\n");
            client.reply();
            client.reply();
            client.reply();
            CompletableFuture<Void> trickle = trickle(client, "x");
            assertThat(client.reply()).matches("421 4.4.2.*|closed");
            await().until(() -> receiver.counts().sessions() == 0);
            trickle.get();
            assertThat(receiver.messages()).isEmpty();
        }
    }

    @Test
    void content_fastEnough_mayTakeLongerThanTheTimeout() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(millis(600), LONG, LONG, 100));
                RawClient client = receiver.clientInTransaction()) {
            client.ask("DATA");
            long begun = System.nanoTime();
            await().pollInterval(millis(50)).until(() -> {
                client.send("0123456789012345678901234567\r\n");
                return System.nanoTime() - begun > millis(1500).toNanos();
            });
            assertThat(client.send(".\r\n").reply()).startsWith("250 2.0.0 Ok: queued");
        }
    }

    @Test
    void chunks_thatComeTooSlowly_areCut() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(millis(700), LONG, LONG, 1000));
                RawClient client = receiver.clientInTransaction()) {
            CompletableFuture<Void> trickle = trickle(client, "BDAT 1\r\nx");
            String reply = await().until(client::reply, r -> !r.startsWith("250"));
            assertThat(reply).matches("421 4.4.2.*|closed");
            await().until(() -> receiver.counts().sessions() == 0);
            trickle.join();
            assertThat(receiver.messages()).isEmpty();
        }
    }

    @Test
    void commandLine_octetByOctet_hasOneTimeoutInAll() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(millis(500), LONG, LONG, 100));
                RawClient client = receiver.client()) {
            CompletableFuture<Void> trickle = trickle(client, "N");
            assertThat(client.reply()).matches("421 4.4.2.*|closed");
            trickle.join();
        }
    }

    @Test
    void commandLine_tooLong_octetByOctet_hasOneTimeoutInAll() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(time(millis(700), LONG, LONG, 100));
                RawClient client = receiver.client()) {
            client.send("N".repeat(3000));
            CompletableFuture<Void> trickle = trickle(client, "N");
            assertThat(client.reply()).matches("421 4.4.2.*|closed");
            trickle.join();
        }
    }

    @Test
    void full_whoSendsAnOctetNowAndThen_isIdleAllTheSame() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(count(1, 1, 1, millis(400)));
                RawClient slow = receiver.client()) {
            CompletableFuture<Void> trickle = trickle(slow, "N");
            await().until(() -> {
                try (RawClient newcomer = receiver.connectFrom("127.0.1.1")) {
                    return newcomer.reply().startsWith("220");
                }
            });
            trickle.join();
        }
    }

    @Test
    void handshake_secondOne_isRefused() throws Exception {
        try (TestReceiver receiver =
                        TestReceiver.start(time(LONG, LONG, LONG, 100), () -> TestCertificates.valid("mx2.test"));
                RawClient client = receiver.client()) {
            client.ask("STARTTLS");
            client.startTls(trusting("TLSv1.2"));
            assertThat(client.ask("EHLO client.test")).startsWith("250");
            SSLSocket socket = (SSLSocket) client.socket();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        client.ask("NOOP");
                    })
                    .isInstanceOf(IOException.class);
            await().until(() -> receiver.counts().sessions() == 0);
        }
    }

    @Test
    void silence_underTls_endsIn421() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(
                        time(Duration.ofSeconds(2), LONG, LONG, 100), () -> TestCertificates.valid("mx2.test"));
                RawClient client = receiver.client()) {
            client.ask("STARTTLS");
            client.startTls(trusting());
            client.ask("EHLO client.test");
            assertThat(client.reply()).startsWith("421 4.4.2");
        }
    }

    @Test
    void handshake_octetByOctet_hasOneTimeoutInAll() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(
                        time(LONG, LONG, millis(500), 100), () -> TestCertificates.valid("mx2.test"));
                RawClient client = receiver.client()) {
            assertThat(client.ask("STARTTLS")).startsWith("220");
            // The beginning of a record that promises more.
            client.send("\u0016\u0003\u0001\u0002\u0000\u0001");
            CompletableFuture<Void> trickle = trickle(client, "\u0000");
            await().until(() -> receiver.counts().sessions() == 0);
            trickle.join();
        }
    }

    @Test
    void earlyTalker_isToldToWait() throws IOException {
        try (TestReceiver receiver = TestReceiver.start(count(500, 500, 500, LONG))) {
            List<String> replies = new ArrayList<>();
            // Whether the octets are there before the greeting is for the scheduler to say; never is either lost.
            await().until(() -> {
                try (RawClient client = receiver.connect()) {
                    replies.add(client.send("EHLO early.test\r\n").reply());
                }
                return replies.stream().anyMatch(r -> r.startsWith("554 5.5.1"));
            });
            assertThat(replies).allMatch(r -> r.matches("(554 5.5.1|220 ).*|closed"));
        }
    }

    /** Sends commands as fast as it can and never reads a reply. */
    private static Thread flood(Socket socket) {
        Thread flood = new Thread(() -> {
            byte[] commands = "VRFY someone\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            try {
                while (true) {
                    socket.getOutputStream().write(commands);
                }
            } catch (IOException e) {
                Thread.currentThread().interrupt();
            }
        });
        flood.setDaemon(true);
        flood.start();
        return flood;
    }

    /** A client that has made the server's replies back up; its session has asked for a content that fills no buffer. */
    private static void stopReading(TestReceiver receiver, RawClient client) throws IOException {
        client.socket().setReceiveBufferSize(4096);
        client.ask("EHLO client.test");
        for (int i = 0; i < 4; i++) {
            client.send(TestReceiver.ENVELOPE + "RCPT TO:<a@example.org>\r\n".repeat(90) + "RSET\r\n");
        }
        flood(client.socket());
        assertThat(receiver.counts().sessions()).isPositive();
    }

    @Test
    void neverReads_isGoneAfterTheTimeout() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(time(millis(700), LONG, LONG, 100));
                RawClient client = receiver.connect()) {
            client.reply();
            stopReading(receiver, client);
            await().until(() -> receiver.counts().sessions() == 0);
        }
    }

    @Test
    void drain_whileWritesBlock_keepsItsLimit() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(time(LONG, LONG, LONG, 100));
                RawClient client = receiver.connect();
                RawClient honest = receiver.client()) {
            client.reply();
            stopReading(receiver, client);
            long begun = System.nanoTime();
            receiver.drain(Duration.ofSeconds(2));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
            assertThat(honest.reply()).startsWith("421 4.3.2");
        }
    }

    @Test
    void drain_chunksInHand_comeThrough_andNoFurtherTransaction() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(time(LONG, LONG, LONG, 100));
                RawClient client = receiver.clientInTransaction()) {
            assertThat(client.send("BDAT 3\r\nx\r\n").reply()).startsWith("250");
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> receiver.drain(Duration.ofSeconds(20)));
            await().until(() -> {
                try (RawClient late = receiver.connect()) {
                    return late.reply().startsWith("421 4.3.2");
                }
            });
            assertThat(client.send("BDAT 3 LAST\r\ny\r\n").reply()).startsWith("250 2.0.0 Ok: queued");
            assertThat(client.reply()).startsWith("421 4.3.2");
            assertThat(drained.get()).isTrue();
            assertThat(receiver.messages()).hasSize(1);
        }
    }

    @Test
    void drain_chunksThatNeverEnd_keepsItsLimit() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(time(LONG, LONG, LONG, 100));
                RawClient client = receiver.clientInTransaction()) {
            client.send("BDAT 1000\r\nx\r\n");
            assertThat(receiver.drain(millis(500))).isFalse();
        }
    }

    @Test
    void storm_beyondTheLimits_isTurnedAway() throws Exception {
        try (TestReceiver receiver = TestReceiver.start(count(5, 5, 5, LONG))) {
            List<RawClient> clients = new ArrayList<>();
            CountDownLatch turnedAway = new CountDownLatch(200);
            for (int i = 0; i < 205; i++) {
                RawClient client = receiver.connect();
                clients.add(client);
                if (client.reply().startsWith("421 4.7.0")) {
                    turnedAway.countDown();
                }
            }
            assertThat(turnedAway.getCount()).isZero();
            assertThat(receiver.counts().sessions()).isEqualTo(5);
            for (RawClient client : clients) {
                client.close();
            }
            await().until(() -> receiver.counts().sessions() == 0);
        }
    }

    private static SSLContext trusting() throws Exception {
        return trusting("TLS");
    }

    /** @param protocol the newest that is spoken */
    private static SSLContext trusting(String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
        return context;
    }

    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(
                java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
