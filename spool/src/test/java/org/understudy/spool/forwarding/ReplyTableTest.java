package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.smtp.Answer;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.LaneState;
import org.understudy.spool.QueueId;

/**
 * Every reply that matters, at every stage, from a real server: what becomes of each recipient and of the lane. The path is
 * proven in all of them; what is different just after an outage is in {@link FrozenLaneTest}.
 */
class ReplyTableTest {
    @TempDir
    Path directory;

    /**
     * One row.
     *
     * @param fates of the recipients, in their order; their number is that of the recipients
     * @param trouble what the lane's last error contains; empty if the lane has none
     */
    record Row(
            String name,
            TlsPolicy tls,
            Duration age,
            Consumer<ScriptedServer> script,
            List<String> fates,
            LaneState lane,
            String trouble) {
        @Override
        public String toString() {
            return name + " -> " + fates + " " + lane;
        }

        Row aged(Duration older) {
            return new Row(name + ", " + older.toDays() + " days old", tls, older, script, fates, lane, trouble);
        }

        Row with(TlsPolicy policy) {
            return new Row(name + ", TLS " + policy, policy, age, script, fates, lane, trouble);
        }
    }

    /** Nothing happens to the lane. */
    private static Row up(String name, Consumer<ScriptedServer> script, String... fates) {
        return new Row(name, TlsPolicy.NONE, Duration.ZERO, script, List.of(fates), LaneState.UP, "");
    }

    private static Row lane(
            LaneState state, String trouble, String name, Consumer<ScriptedServer> script, String... fates) {
        return new Row(name, TlsPolicy.NONE, Duration.ZERO, script, List.of(fates), state, trouble);
    }

    /** The session breaks, once, and the lane is up again a moment later. */
    private static Row accident(String trouble, String name, Consumer<ScriptedServer> script, String... fates) {
        return lane(LaneState.UP, trouble, name, script, fates);
    }

    private static Row up(String point, String reply, String... fates) {
        return up(point + " " + reply, s -> s.answer(point, reply), fates);
    }

    private static Row down(String point, String reply, String... fates) {
        return lane(LaneState.DOWN, reply, point + " " + reply, s -> s.answer(point, reply), fates);
    }

    private static Row frozen(String point, String reply, String... fates) {
        return lane(LaneState.FROZEN, reply, point + " " + reply, s -> s.answer(point, reply), fates);
    }

    /** Answers the recipients in this order; null for the usual answer. */
    private static Row rcpt(@Nullable String first, @Nullable String second, String... fates) {
        return up("RCPT " + first + ", " + second, recipients(first, second), fates);
    }

    private static Consumer<ScriptedServer> recipients(@Nullable String first, @Nullable String second) {
        return s -> s.answer("RCPT", n -> n == 0 ? first : n == 1 ? second : null);
    }

    static Stream<Row> rows() {
        return Stream.of(opening(), mail(), rcpt(), data(), dot(), broken()).flatMap(List::stream);
    }

    private static List<Row> opening() {
        return List.of(
                lane(LaneState.DOWN, "refused", "TCP refused", ScriptedServer::pause, "UNTOUCHED"),
                up("GREETING", "220 mx.test", "FORWARDED"),
                down("GREETING", "421 4.3.2 busy", "UNTOUCHED"),
                down("GREETING", "450 4.3.2 not now", "UNTOUCHED"),
                frozen("GREETING", "554 5.7.1 no", "UNTOUCHED"),
                frozen("GREETING", "521 5.3.2 takes no mail", "UNTOUCHED"),
                lane(
                        LaneState.FROZEN,
                        "loop",
                        "GREETING of ourselves",
                        s -> s.answer("GREETING", "220 mx2.test me"),
                        "UNTOUCHED"),
                lane(LaneState.DOWN, "closed", "GREETING EOF", s -> s.on("GREETING", Answer.close()), "UNTOUCHED"),
                down("EHLO", "421 4.3.2 busy", "UNTOUCHED"),
                down("EHLO", "451 4.3.0 not now", "UNTOUCHED"),
                frozen("EHLO", "550 5.7.1 not you", "UNTOUCHED"),
                up("EHLO", "502 5.5.1 only HELO", "FORWARDED"),
                frozen("EHLO", "502 5.5.1 only HELO", "UNTOUCHED").with(TlsPolicy.REQUIRED),
                up("STARTTLS not offered", s -> s.offers("SIZE 1000"), "FORWARDED")
                        .with(TlsPolicy.OPPORTUNISTIC),
                lane(LaneState.FROZEN, "not offered", "STARTTLS not offered", s -> s.offers("SIZE 1000"), "UNTOUCHED")
                        .with(TlsPolicy.REQUIRED),
                up("STARTTLS 454", ReplyTableTest::temporarilyWithoutTls, "FORWARDED")
                        .with(TlsPolicy.OPPORTUNISTIC),
                lane(
                                LaneState.FROZEN,
                                "454 4.7.0 no TLS now",
                                "STARTTLS 454",
                                ReplyTableTest::temporarilyWithoutTls,
                                "UNTOUCHED")
                        .with(TlsPolicy.REQUIRED));
    }

    private static void temporarilyWithoutTls(ScriptedServer server) {
        server.offers("STARTTLS").answer("STARTTLS", "454 4.7.0 no TLS now");
    }

    private static List<Row> mail() {
        return List.of(
                down("MAIL", "421 4.3.2 closing", "BACKOFF"),
                up("MAIL", "450 4.1.8 later", "BACKOFF"),
                up("MAIL", "451 4.3.0 later", "BACKOFF"),
                up("MAIL", "452 4.5.3 later", "BACKOFF"),
                down("MAIL", "452 4.3.1 disk full", "BACKOFF"),
                up("MAIL", "455 4.5.4 later", "BACKOFF"),
                up("MAIL", "499 later", "BACKOFF"),
                up("MAIL", "552 5.3.4 too big", "QUARANTINED", "QUARANTINED"),
                up("MAIL", "552 too big", "QUARANTINED"),
                up("MAIL", "550 5.3.4 too big", "QUARANTINED"),
                up("MAIL", "501 5.1.7 what sender", "QUARANTINED"),
                up("MAIL", "550 5.1.0 not this sender", "QUARANTINED"),
                up("MAIL", "553 5.1.8 not this sender", "QUARANTINED"),
                up("MAIL", "554 5.7.1 not this sender", "QUARANTINED"),
                up("MAIL", "555 5.5.4 not that parameter", "QUARANTINED"),
                up("MAIL", "599 never", "QUARANTINED"),
                frozen("MAIL", "550 5.7.1 <[127.0.0.1]> is blocked", "BACKOFF"),
                frozen("MAIL", "550 you are 127.0.0.1.", "BACKOFF"),
                up("MAIL", "550 you are 127.0.0.11", "QUARANTINED"),
                up("MAIL", "550 5.1.8 mx2.test does not count here", "QUARANTINED"),
                frozen("MAIL", "554 5.7.1 mx2.test is blocked", "BACKOFF"),
                frozen("MAIL", "550 5.7.23 SPF", "BACKOFF"),
                frozen("MAIL", "530 5.7.0 STARTTLS first", "BACKOFF"),
                frozen("MAIL", "521 5.3.2 takes no mail", "BACKOFF"),
                lane(LaneState.UP, "503 5.5.1", "MAIL 503", s -> s.answer("MAIL", "503 5.5.1 order"), "BACKOFF"));
    }

    private static List<Row> rcpt() {
        List<Row> rows = new ArrayList<>(refusedRecipients());
        rows.addAll(List.of(
                rcpt("251 2.1.5 will forward", null, "FORWARDED", "FORWARDED"),
                rcpt("252 2.1.5 perhaps", null, "FORWARDED", "FORWARDED"),
                lane(LaneState.DOWN, "421 4.3.2", "RCPT 421", recipients(null, "421 4.3.2 bye"), "BACKOFF", "BACKOFF"),
                rcpt("450 4.2.1 later", null, "BACKOFF", "FORWARDED"),
                rcpt(null, "451 4.7.1 later", "FORWARDED", "BACKOFF"),
                rcpt(null, "452 4.5.3 too many", "FORWARDED", "FORWARDED"),
                rcpt(null, "452 too many", "FORWARDED", "FORWARDED"),
                rcpt(null, "451 4.5.3 too many", "FORWARDED", "FORWARDED"),
                rcpt(null, "552 too many", "FORWARDED", "FORWARDED"),
                rcpt(null, "552 5.5.3 too many", "FORWARDED", "FORWARDED"),
                rcpt(null, "550 5.5.3 too many", "FORWARDED", "FORWARDED"),
                rcpt("452 4.3.1 no room", null, "BACKOFF", "FORWARDED"),
                up("RCPT", "452 4.5.3 too many", "BACKOFF", "BACKOFF"),
                rcpt("552 5.2.2 full", null, "BACKOFF", "FORWARDED"),
                rcpt(null, "552 5.2.2 full", "FORWARDED", "BACKOFF"),
                rcpt("550 5.2.2 full", null, "BACKOFF", "FORWARDED"),
                rcpt("552 5.2.2 full", null, "CONFIRMATION", "FORWARDED").aged(Duration.ofDays(8)),
                rcpt("552 5.3.4 too big", null, "QUARANTINED", "FORWARDED"),
                frozen("RCPT", "530 5.7.0 STARTTLS first", "BACKOFF"),
                lane(
                        LaneState.FROZEN,
                        "554 5.7.1 <b>: Relay access denied",
                        "RCPT relay",
                        recipients(null, "554 5.7.1 <b>: Relay access denied"),
                        "FORWARDED",
                        "BACKOFF"),
                lane(LaneState.UP, "503 5.5.1", "RCPT 503", s -> s.answer("RCPT", "503 5.5.1 order"), "BACKOFF")));
        return rows;
    }

    private static List<Row> refusedRecipients() {
        List<Row> rows = new ArrayList<>();
        for (String reply : List.of(
                "550 5.1.1 unknown",
                "550 5.1.2 no such domain",
                "553 5.1.3 no address",
                "550 5.1.6 moved",
                "550 5.1.10 null mx",
                "550 5.2.1 disabled",
                "550 unknown",
                "551 5.1.6 try other@example.net",
                "553 5.1.3 no",
                "550 5.7.1 not allowed to write to this list",
                "550 4.7.1 enhanced code of another class",
                "556 5.1.10 takes no mail",
                "599 never")) {
            rows.add(rcpt(reply, null, "CONFIRMATION", "FORWARDED"));
        }
        for (String reply : List.of(
                "550 5.7.1 relaying denied",
                "550 relay not permitted",
                "554 5.7.1 [127.0.0.1] listed by zen.spamhaus.org",
                "550 5.7.23 SPF says no",
                "550 5.7.25 no reverse DNS",
                "550 5.7.26 unauthenticated",
                "554 5.7.1 Greylisted",
                "521 5.3.2 takes no mail",
                "554 5.4.6 hop count")) {
            rows.add(frozen("RCPT", reply, "BACKOFF", "BACKOFF"));
        }
        return rows;
    }

    private static List<Row> data() {
        return List.of(
                down("DATA", "421 4.3.2 closing", "BACKOFF"),
                up("DATA", "451 4.3.0 later", "BACKOFF", "BACKOFF"),
                frozen("DATA", "554 5.7.1 not from you", "BACKOFF", "BACKOFF"),
                frozen("DATA", "550 no", "BACKOFF"),
                up("DATA", "552 5.3.4 too big", "QUARANTINED"),
                up("DATA", "554 5.6.1 no such content", "QUARANTINED"),
                lane(LaneState.UP, "503 5.5.1", "DATA 503", s -> s.answer("DATA", "503 5.5.1 order"), "BACKOFF"),
                up("DATA 554 without a recipient", s -> s.answer("RCPT", "450 4.2.1 later"), "BACKOFF"),
                up(
                        "354 without a recipient",
                        s -> s.answer("RCPT", "550 5.1.1 unknown")
                                .answer("DATA", "354 go on")
                                .answer("DOT", "250 2.0.0 thanks for nothing"),
                        "CONFIRMATION",
                        "CONFIRMATION"));
    }

    private static List<Row> dot() {
        return List.of(
                up("DOT", "250 2.0.0 Ok", "FORWARDED", "FORWARDED"),
                up("DOT", "200 ok", "FORWARDED"),
                down("DOT", "421 4.3.2 closing", "BACKOFF"),
                up("DOT", "450 4.2.1 later", "BACKOFF", "BACKOFF"),
                up("DOT", "451 4.3.0 later", "BACKOFF"),
                up("DOT", "452 4.2.2 later", "BACKOFF"),
                down("DOT", "452 4.3.1 disk full", "BACKOFF"),
                up("DOT", "552 5.3.4 too big", "QUARANTINED"),
                up("DOT", "554 5.6.0 virus", "QUARANTINED"),
                up("DOT", "550 5.7.1 spam, http://example.net is on a blocklist", "QUARANTINED"),
                up("DOT", "554 no", "QUARANTINED", "QUARANTINED"),
                frozen("DOT", "554 5.4.6 too many hops", "BACKOFF"),
                frozen("DOT", "550 5.7.26 unauthenticated", "BACKOFF"),
                frozen("DOT", "554 5.7.1 127.0.0.1 is blocked", "BACKOFF"),
                up(
                        "DOT 554 and RCPT 550",
                        s -> recipients("550 5.1.1 unknown", null)
                                .andThen(t -> t.answer("DOT", "554 5.6.0 virus"))
                                .accept(s),
                        "CONFIRMATION",
                        "QUARANTINED"),
                up(
                        "DOT 250 and RCPT 450, 550",
                        s -> recipients("450 4.2.1 later", "550 5.1.1 unknown").accept(s),
                        "BACKOFF",
                        "CONFIRMATION",
                        "FORWARDED"));
    }

    /** What broke before the dot was sent has delivered nothing; what broke after it, nobody knows. */
    private static List<Row> broken() {
        String noReply = "no reply to the final dot";
        return List.of(
                accident("closed", "MAIL EOF", s -> s.on("MAIL", Answer.close()), "BACKOFF"),
                accident("reset", "RCPT RST", s -> s.on("RCPT", Answer.reset()), "BACKOFF", "BACKOFF"),
                accident("no answer", "DATA timeout", s -> s.on("DATA", Answer.silence()), "BACKOFF"),
                lane(LaneState.UP, "no SMTP reply", "MAIL garbage", s -> s.answer("MAIL", "hello"), "BACKOFF"),
                lane(LaneState.UP, "no SMTP reply", "MAIL code 600", s -> s.answer("MAIL", "600 hm"), "BACKOFF"),
                lane(LaneState.UP, "no SMTP reply", "RCPT code 150", s -> s.answer("RCPT", "150 hm"), "BACKOFF"),
                lane(
                        LaneState.UP,
                        "250 and 550",
                        "RCPT codes differ",
                        s -> s.answer("RCPT", "250-a\n550 b"),
                        "BACKOFF"),
                lane(LaneState.UP, "unexpected", "DATA 250", s -> s.answer("DATA", "250 ok"), "BACKOFF"),
                accident(noReply, "DOT EOF", s -> s.on("DOT", Answer.close()), "LOST_REPLY", "LOST_REPLY"),
                accident(noReply, "DOT RST", s -> s.on("DOT", Answer.reset()), "LOST_REPLY"),
                accident(noReply, "DOT timeout", s -> s.on("DOT", Answer.silence()), "LOST_REPLY"),
                lane(LaneState.UP, noReply, "DOT garbage", s -> s.answer("DOT", "thanks"), "LOST_REPLY"),
                lane(LaneState.UP, noReply, "DOT codes differ", s -> s.answer("DOT", "250-a\n451 b"), "LOST_REPLY"),
                accident(
                        noReply,
                        "DOT RST and RCPT 550",
                        s -> recipients("550 5.1.1 unknown", null)
                                .andThen(t -> t.on("DOT", Answer.reset()))
                                .accept(s),
                        "CONFIRMATION",
                        "LOST_REPLY"),
                up("RSET 500", s -> s.answer("RCPT", "450 4.2.1 later").answer("RSET", "500 what"), "BACKOFF"),
                up("QUIT RST", s -> s.on("QUIT", Answer.reset()), "FORWARDED"));
    }

    // Most of the time of a row is waiting.
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void reply_decidesOverRecipientsAndLane(Row row) {
        try (ForwardingWorld world = ForwardingWorld.slow(directory, row.tls())) {
            if (row.tls() != TlsPolicy.REQUIRED) {
                world.warmUp();
            }
            row.script().accept(world.primary);
            String[] recipients =
                    Stream.of("a", "b", "c").limit(row.fates().size()).toArray(String[]::new);
            QueueId id = world.queue("s", Instant.now().minus(row.age()), "x\r\n", recipients);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                assertThat(fates(world, id, recipients.length)).isEqualTo(row.fates());
                assertThat(world.lane().state()).isEqualTo(row.lane());
                assertThat(world.lane().lastError().orElse("")).contains(row.trouble());
                assertThat(world.lane().lastError().isPresent())
                        .isEqualTo(!row.trouble().isEmpty() || row.lane() != LaneState.UP);
            });
            long ambiguous = row.fates().contains("LOST_REPLY") ? 1 : 0;
            assertThat(world.lane().ambiguous()).isEqualTo(ambiguous);
            if (ambiguous == 0) {
                assertThat(arrived(world)).isEqualTo(handedOn(row));
            }
        }
    }

    private static List<String> fates(ForwardingWorld world, QueueId id, int recipients) {
        List<String> fates = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            fates.add(world.fate(id, i));
        }
        // Balanced, too.
        world.counts();
        return fates;
    }

    private static long arrived(ForwardingWorld world) {
        return world.primary.messages().stream()
                .mapToLong(m -> m.recipients().size())
                .sum();
    }

    private static long handedOn(Row row) {
        return row.fates().stream().filter("FORWARDED"::equals).count();
    }
}
