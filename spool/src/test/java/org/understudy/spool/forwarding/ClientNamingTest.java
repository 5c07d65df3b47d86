package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Answer;
import org.understudy.spool.LaneState;
import org.understudy.spool.QueueId;

/** Which client a next hop with XCLIENT takes us for, message by message. */
class ClientNamingTest {
    private static final String OFFER = "XCLIENT NAME ADDR PROTO HELO";
    private static final InetAddress ANNA = address("192.0.2.1");
    private static final InetAddress BERT = address("192.0.2.2");

    @TempDir
    Path directory;

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Queues while the primary is away, so that one worker hands on all, in order. */
    private static void deliver(ForwardingWorld world, InetAddress... clients) {
        long before = world.counts().forwarded();
        world.primary.pause();
        world.queue("probe");
        world.awaitState(LaneState.DOWN);
        for (int i = 0; i < clients.length; i++) {
            world.queueBy(clients[i], "m" + i);
        }
        world.primary.resume();
        world.signOfLife();
        world.awaitForwarded(before + clients.length + 1);
    }

    private static ForwardingWorld world(Path directory) {
        ForwardingWorld world = ForwardingWorld.oneByOne(directory);
        world.primary.offers("PIPELINING", OFFER);
        return world;
    }

    /** The clients as the primary heard them, before each recipient. */
    private static List<String> heard(ForwardingWorld world) {
        return world.primary.commands().stream()
                .filter(c -> c.startsWith("XCLIENT") || c.startsWith("RCPT") || c.equals("QUIT"))
                .map(c -> c.replaceAll("^XCLIENT.* ADDR=", "").replaceAll("^RCPT TO:<(.*)@.*", "$1"))
                .toList();
    }

    @Test
    void eachMessage_goesInTheNameOfItsClientOverOneConnection() {
        try (ForwardingWorld world = world(directory)) {
            world.warmUp();
            deliver(world, ANNA, ANNA, BERT, ANNA);
            await().untilAsserted(() -> assertThat(heard(world))
                    .containsSubsequence(
                            "127.0.0.1", "probe", "192.0.2.1", "m0", "m1", "192.0.2.2", "m2", "192.0.2.1", "m3"));
            assertThat(world.lane().lastError().orElse("")).doesNotContain("XCLIENT");
        }
    }

    @Test
    void afterThatTheServerTakesNoOther_anotherClientGetsAnotherConnection() {
        try (ForwardingWorld world = world(directory)) {
            world.warmUp();
            // As Postfix does it: who speaks for a client has the client's rights, and no more.
            world.primary.answer("EHLO", n -> n % 2 == 1 ? "250-mx.test\n250 PIPELINING" : null);
            deliver(world, ANNA, ANNA, BERT);
            await().untilAsserted(() ->
                    assertThat(heard(world)).containsSubsequence("192.0.2.1", "m0", "m1", "QUIT", "192.0.2.2", "m2"));
        }
    }

    @Test
    void refusal_costsNoMailAndIsToldOnce() {
        try (ForwardingWorld world = world(directory)) {
            world.primary.answer("XCLIENT", "550 5.7.0 insufficient authorization");
            world.warmUp();
            assertThat(world.lane().lastError().orElseThrow()).contains("insufficient authorization");
            deliver(world, ANNA, BERT, ANNA, BERT, ANNA);
            assertThat(world.lane().lastError().orElseThrow()).doesNotContain("insufficient");
            assertThat(world.primary.commands())
                    .filteredOn(c -> c.startsWith("XCLIENT"))
                    .hasSizeLessThan(4);
        }
    }

    @Test
    void refusalOfOneClient_sendsNothingInTheNameOfTheOther() {
        try (ForwardingWorld world = world(directory)) {
            world.warmUp();
            world.primary.answer("XCLIENT", n -> n == 2 ? "501 5.5.4 bad syntax" : null);
            deliver(world, ANNA, BERT, ANNA);
            await().untilAsserted(() -> assertThat(heard(world))
                    .containsSubsequence("192.0.2.1", "m0", "192.0.2.2", "QUIT", "m1", "192.0.2.1", "m2"));
        }
    }

    @Test
    void sessionThatEndsBetweenMessages_isNoRefusal() {
        try (ForwardingWorld world = world(directory)) {
            world.warmUp();
            world.primary.on("XCLIENT", 2, Answer.close());
            deliver(world, ANNA, BERT);
            await().untilAsserted(() ->
                    assertThat(heard(world)).containsSubsequence("192.0.2.1", "m0", "192.0.2.2", "192.0.2.2", "m1"));
        }
    }

    @Test
    void never_meansNever() {
        try (ForwardingWorld world = ForwardingWorld.withoutXclient(directory)) {
            world.primary.offers(OFFER);
            world.warmUp();
            world.queueBy(ANNA, "m");
            world.awaitForwarded(2);
            assertThat(world.primary.connections()).isEqualTo(2);
            assertThat(heard(world)).doesNotContain("192.0.2.1");
        }
    }

    @Test
    void refusalOfTheClient_isNoFaultOfThePath() {
        try (ForwardingWorld world = ForwardingWorld.slow(directory)) {
            world.primary.offers("PIPELINING", OFFER);
            world.warmUp();
            world.primary.answer("RCPT", n -> n == 0 ? "550 5.7.23 SPF: 192.0.2.1 is not allowed" : null);
            QueueId forged = world.queueBy(ANNA, "a");
            await().until(() -> world.fate(forged, 0).equals("QUARANTINED"));
            assertThat(world.lane().state()).isEqualTo(LaneState.UP);
            world.queueBy(BERT, "b");
            world.awaitForwarded(2);
        }
    }

    @Test
    void refusalToRelay_isAFaultOfThePathAllTheSame() {
        try (ForwardingWorld world = ForwardingWorld.slow(directory)) {
            world.primary.offers("PIPELINING", OFFER);
            world.warmUp();
            world.primary.answer("RCPT", "554 5.7.1 <a@example.org>: Relay access denied");
            world.queueBy(ANNA, "a");
            world.awaitState(LaneState.FROZEN);
        }
    }
}
