package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.spool.LaneState;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;

/**
 * What is answered to every kind of recipient in every state of the primary under each policy. A 5yz stands only where the
 * primary, in its right mind, would refuse the recipient too.
 */
class RecipientPolicyTableTest {
    private static final String PUT_OFF = "451 4.7.1 come back later";
    private static final String WHO = "who";

    @TempDir
    Path directory;

    /** What is known here of a recipient, and what the primary knows of it. */
    private enum Kind {
        /** On the list, which is not complete. */
        LISTED,
        /** Not on a complete list, and the primary does not have it either. */
        NOT_ON_COMPLETE_LIST,
        /** The list is not there. */
        LIST_UNAVAILABLE,
        UNKNOWN_AND_NOT_THERE,
        UNKNOWN_BUT_THERE,
        LEARNED_VALID,
        LEARNED_INVALID,
        /** Learned valid forty days ago, and no recipient of the primary any more. */
        EXPIRED_VALID,
        /** Learned invalid four hours ago, and a recipient of the primary since. */
        EXPIRED_INVALID,
        /** Of a domain whose primary takes anything. */
        CATCH_ALL
    }

    private enum Policy {
        ACCEPT(UnknownRecipients.ACCEPT, false, OK),
        DEFER(UnknownRecipients.DEFER, true, NOT_VERIFIED),
        AUTHENTICATED(UnknownRecipients.ACCEPT_IF_AUTHENTICATED, true, OK),
        NOT_AUTHENTICATED(UnknownRecipients.ACCEPT_IF_AUTHENTICATED, false, NOT_VERIFIED);

        private final UnknownRecipients unknown;
        private final boolean authentic;
        private final String answer;

        Policy(UnknownRecipients unknown, boolean authentic, String answer) {
            this.unknown = unknown;
            this.authentic = authentic;
            this.answer = answer;
        }
    }

    private enum Primary {
        UP,
        DOWN,
        RECOVERING,
        /** Up, but it puts off whoever is asked for. */
        DEFERRING
    }

    private static final String OK = "250 2.1.5";
    private static final String NO_SUCH = "550 5.1.1";
    private static final String NOT_VERIFIED = "450 4.1.1";
    private static final String NO_LIST = "451 4.3.0";
    /** 250 or 450, as the policy for unknown recipients says. */
    private static final String POLICY = "policy";

    /** What is said in each state of the primary. */
    private record Row(String up, String down, String recovering, String deferring) {
        String in(Primary primary) {
            return switch (primary) {
                case UP -> up;
                case DOWN -> down;
                case RECOVERING -> recovering;
                case DEFERRING -> deferring;
            };
        }
    }

    private static Row row(Kind kind) {
        return switch (kind) {
            case LISTED, LEARNED_VALID, CATCH_ALL -> new Row(OK, OK, OK, OK);
            case NOT_ON_COMPLETE_LIST, LEARNED_INVALID -> new Row(NO_SUCH, NO_SUCH, NO_SUCH, NO_SUCH);
            case LIST_UNAVAILABLE -> new Row(NO_SUCH, NO_LIST, NO_LIST, PUT_OFF);
            case UNKNOWN_AND_NOT_THERE, EXPIRED_VALID -> new Row(NO_SUCH, POLICY, POLICY, PUT_OFF);
            case UNKNOWN_BUT_THERE, EXPIRED_INVALID -> new Row(OK, POLICY, OK, PUT_OFF);
        };
    }

    static List<Arguments> table() {
        List<Arguments> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Primary primary : Primary.values()) {
                for (Policy policy : Policy.values()) {
                    String expected = row(kind).in(primary);
                    cases.add(Arguments.of(kind, primary, policy, expected.equals(POLICY) ? policy.answer : expected));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest(name = "{0}, primary {1}, unknown {2}: {3}")
    @MethodSource("table")
    void answer(Kind kind, Primary state, Policy policy, String expected) throws IOException {
        RecipientSettings settings = settings(kind).withUnknown(policy.unknown);
        try (RecipientWorld world = new RecipientWorld(directory, settings)) {
            world.authentic = policy.authentic;
            prepare(world, kind);
            bring(world, state);
            String reply = world.rcpt(WHO);
            assertThat(reply).startsWith(expected);
            if (reply.startsWith("5")) {
                assertThat(world.takes(WHO + "@example.org"))
                        .as("refused for good, and a recipient of the primary")
                        .isFalse();
            }
        }
    }

    private RecipientSettings settings(Kind kind) throws IOException {
        Path list = directory.resolve("list");
        RecipientSettings standard = RecipientSettings.standard();
        return switch (kind) {
            case LISTED -> standard.withList(Files.writeString(list, WHO + "@example.org\n"), false);
            case NOT_ON_COMPLETE_LIST -> standard.withList(Files.writeString(list, "else@example.org\n"), true);
            case LIST_UNAVAILABLE -> standard.withList(list, true);
            default -> standard;
        };
    }

    private static void prepare(RecipientWorld world, Kind kind) {
        switch (kind) {
            case LISTED, UNKNOWN_BUT_THERE -> world.knows(WHO);
            case LEARNED_VALID -> learnValid(world);
            case LEARNED_INVALID -> learnInvalid(world);
            case EXPIRED_VALID -> {
                learnValid(world);
                world.forgets(WHO);
                world.clock.advance(Duration.ofDays(40));
            }
            case EXPIRED_INVALID -> {
                learnInvalid(world);
                world.knows(WHO);
                world.clock.advance(Duration.ofHours(4));
            }
            case CATCH_ALL -> {
                world.knows("*");
                assertThat(world.rcpt("somebody")).startsWith(OK);
            }
            case NOT_ON_COMPLETE_LIST, LIST_UNAVAILABLE, UNKNOWN_AND_NOT_THERE -> {
                // Nothing is known.
            }
        }
    }

    private static void learnValid(RecipientWorld world) {
        world.knows(WHO);
        assertThat(world.rcpt(WHO)).startsWith(OK);
    }

    private static void learnInvalid(RecipientWorld world) {
        assertThat(world.rcpt(WHO)).startsWith(NO_SUCH);
    }

    private static void bring(RecipientWorld world, Primary state) {
        switch (state) {
            case UP -> assertThat(world.lane().state()).isEqualTo(LaneState.UP);
            case DOWN -> world.down();
            case RECOVERING -> world.recovering();
            case DEFERRING -> world.saysToEverybody(PUT_OFF);
        }
    }
}
