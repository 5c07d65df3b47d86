package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Answer;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;

/** A sender waits for a callout, and nobody else does. */
class CalloutTest {
    @TempDir
    Path directory;

    private final CountDownLatch gate = new CountDownLatch(1);
    private RecipientWorld world;

    @BeforeEach
    void open() {
        world = new RecipientWorld(directory, RecipientSettings.standard().withUnknown(UnknownRecipients.DEFER));
        world.knows("known");
        assertThat(world.rcpt("known")).startsWith("250");
    }

    @AfterEach
    void close() {
        gate.countDown();
        world.close();
    }

    private void primaryWaits() {
        world.primary.on("RCPT", Answer.await(gate).then(Answer.reply("550 5.1.1 no such user")));
    }

    /** A client that has said EHLO, and sends exactly what it is told to. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client() throws IOException {
            socket = new Socket(world.address().getAddress(), world.address().getPort());
            socket.setSoTimeout(10_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            reply();
            send("EHLO client.test\r\n");
            reply();
        }

        void send(String commands) throws IOException {
            socket.getOutputStream().write(commands.getBytes(StandardCharsets.ISO_8859_1));
        }

        String reply() throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            return String.valueOf(line);
        }

        List<String> replies(int count) throws IOException {
            List<String> replies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                replies.add(reply());
            }
            return replies;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void pipelinedRecipients_areAnsweredInOrder_whileOthersGoOn() throws IOException {
        primaryWaits();
        try (Client waiting = new Client()) {
            waiting.send("""
                    MAIL FROM:<s@sender.test>
                    RCPT TO:<known@example.org>
                    RCPT TO:<slow@example.org>
                    RCPT TO:<a@other.test>
                    RCPT TO:<known@example.org>
                    NOOP
                    """.replace("\n", "\r\n"));
            await().until(() -> world.asked("slow") == 1);
            assertThat(waiting.reply()).startsWith("250 2.1.0");
            assertThat(waiting.reply()).as("not held back").startsWith("250 2.1.5");
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(world.rcpt("known")).startsWith("250");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(RecipientWorld.CALLOUT_TIME);
            assertThat(waiting.in.ready()).isFalse();
            gate.countDown();
            assertThat(waiting.replies(4))
                    .satisfiesExactly(
                            slow -> assertThat(slow).startsWith("550 5.1.1"),
                            foreign -> assertThat(foreign).startsWith("550 5.7.1"),
                            known -> assertThat(known).startsWith("250 2.1.5"),
                            noop -> assertThat(noop).startsWith("250 2.0.0"));
        }
    }

    @Test
    void clientThatLeavesMeanwhile_leavesNothingBehind() throws IOException {
        primaryWaits();
        try (Client leaving = new Client()) {
            leaving.send("MAIL FROM:<s@sender.test>\r\nRCPT TO:<slow@example.org>\r\n");
            await().until(() -> world.asked("slow") == 1);
        }
        gate.countDown();
        await().until(() -> world.spool().status().reception().sessions() == 0);
    }

    @Test
    void drain_waitsForTheAnswer() throws Exception {
        primaryWaits();
        try (Client waiting = new Client()) {
            waiting.send("MAIL FROM:<s@sender.test>\r\nRCPT TO:<slow@example.org>\r\nRSET\r\n");
            await().until(() -> world.asked("slow") == 1);
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> world.spool().drain(Duration.ofSeconds(10)));
            gate.countDown();
            assertThat(waiting.replies(3).get(1)).startsWith("550 5.1.1");
            assertThat(waiting.reply()).startsWith("421");
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void manyWhoWantToKnow_makeOneCallout() throws IOException {
        primaryWaits();
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Client client = new Client();
                clients.add(client);
                client.send("MAIL FROM:<s@sender.test>\r\nRCPT TO:<slow@example.org>\r\n");
                assertThat(client.reply()).startsWith("250 2.1.0");
            }
            await().until(() -> world.asked("slow") == 1);
            gate.countDown();
            for (Client client : clients) {
                assertThat(client.reply()).startsWith("550 5.1.1");
            }
            assertThat(world.asked("slow")).isEqualTo(1);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void primaryThatDoesNotAnswer_isGivenUp_andLeftAloneForAWhile() {
        world.primary.on("RCPT", Answer.silence());
        long begun = System.nanoTime();
        assertThat(world.rcpt("a")).startsWith("450 4.1.1");
        Duration waited = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(waited).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(8));
        await().until(() -> {
            long before = world.asked("b");
            assertThat(world.rcpt("b")).startsWith("450 4.1.1");
            return world.asked("b") == before;
        });
        assertThat(world.rcpt("known")).startsWith("250");
        world.isInItsRightMind();
        world.primary.usual("RCPT");
        world.clock.advance(Duration.ofSeconds(31));
        assertThat(world.rcpt("c")).startsWith("250");
    }

    @Test
    void callout_hasANullSender_andLeavesNoMail() {
        world.knows("a");
        assertThat(world.rcpt("a")).startsWith("250");
        await().until(() -> world.primary.commands().contains("QUIT"));
        assertThat(world.primary.commands()).contains("MAIL FROM:<>").doesNotContain("DATA");
        assertThat(world.primary.messages()).isEmpty();
    }
}
