package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.PrimaryState;
import org.understudy.spool.RecipientExplanation;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;

/** What is learned of recipients, from whom, and what is not. */
class RecipientDirectoryTest {
    private static final RecipientSettings DEFERRING =
            RecipientSettings.standard().withUnknown(UnknownRecipients.DEFER);

    @TempDir
    Path directory;

    private @Nullable RecipientWorld open;

    private RecipientWorld world(RecipientSettings settings) {
        RecipientWorld world = new RecipientWorld(directory, settings);
        open = world;
        return world;
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    @Test
    void massFalseNegatives_knownOnesStayAccepted_andNothingIsLearned() {
        RecipientWorld world = world(DEFERRING).knows("a", "b", "c", "d", "e");
        for (String known : List.of("a", "b", "c", "d", "e")) {
            assertThat(world.rcpt(known)).startsWith("250");
        }
        // Eight days later they are worth being asked for again, and the primary has lost its directory.
        world.clock.advance(Duration.ofDays(8));
        world.saysToEverybody("550 5.1.1 The email account that you tried to reach does not exist");
        for (int hour = 0; hour < 7; hour++) {
            for (String known : List.of("a", "b", "c", "d", "e")) {
                assertThat(world.rcpt(known)).as(known + " in hour " + hour).startsWith("250");
            }
            if (hour == 0) {
                // Three that were known and are refused give it away; whom that came too late for is not refused any
                // more.
                await().untilAsserted(() -> assertThat(world.rcpt("new0")).startsWith("450 4.1.1"));
            }
            assertThat(world.rcpt("new" + hour)).as("hour " + hour).startsWith("450 4.1.1");
            world.clock.advance(Duration.ofMinutes(55));
        }
        world.isInItsRightMind();
        world.clock.advance(Duration.ofHours(2));
        world.knows("new0");
        assertThat(world.rcpt("new0")).startsWith("250");
        assertThat(world.rcpt("nobody")).startsWith("550 5.1.1");
        assertThat(world.spool().status().recipients().refused()).isEqualTo(1);
    }

    @Test
    void knownRecipient_refusedOnce_staysKnown_refusedAgainAnHourLater_isGone() {
        RecipientWorld world = world(DEFERRING).knows("a");
        assertThat(world.rcpt("a")).startsWith("250");
        world.forgets("a");
        world.clock.advance(Duration.ofDays(8));
        assertThat(world.rcpt("a")).startsWith("250");
        world.awaitCallouts("a", 2);
        assertThat(learned(world, "a").doubtedSince()).isPresent();
        world.clock.advance(Duration.ofMinutes(59));
        assertThat(world.rcpt("a")).startsWith("250");
        world.awaitCallouts("a", 3);
        assertThat(learned(world, "a").refused()).isEmpty();
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(world.rcpt("a")).startsWith("250");
        await().until(() -> learned(world, "a").refused().isPresent());
        assertThat(world.rcpt("a")).startsWith("550 5.1.1");
    }

    private static LearnedRecipient learned(RecipientWorld world, String localPart) {
        return world.spool().explain(RecipientWorld.path(localPart)).learned().orElseThrow();
    }

    @Test
    void deliveries_teachWhoIsTaken() {
        RecipientWorld world = world(RecipientSettings.standard().withCallout(false));
        world.knows("a").send("a");
        await().until(() -> !world.primary.messages().isEmpty());
        world.down();
        assertThat(world.spool().explain(RecipientWorld.path("a")).reason()).contains("learned valid", "at a delivery");
    }

    @Test
    void deliveries_teachWhoIsRefused() {
        RecipientWorld world = world(RecipientSettings.standard().withCallout(false));
        world.send("postmaster");
        await().until(() -> !world.primary.messages().isEmpty());
        assertThat(world.rcpt("b")).startsWith("250");
        world.send("b");
        await().until(() -> world.asked("b") > 0);
        await().untilAsserted(() -> assertThat(world.rcpt("b")).startsWith("550 5.1.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 5.7.1 relaying denied",
                "554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org",
                "550 5.7.23 SPF fails",
                "530 5.7.0 Must issue a STARTTLS command first",
                "550 5.7.1 this user takes no mail without a sender",
                "421 4.3.2 shutting down",
                "252 2.5.2 cannot verify",
                "503 5.5.1 bad sequence"
            })
    void answerThatSaysNothingOfTheRecipient_isNotPassedOn_andNotLearned(String reply) {
        RecipientWorld world = world(DEFERRING);
        world.saysToEverybody(reply);
        assertThat(world.rcpt("a")).startsWith("450 4.1.1");
        world.isInItsRightMind();
        world.knows("a").clock.advance(Duration.ofMinutes(1));
        assertThat(world.rcpt("a")).startsWith("250");
    }

    @Test
    void nullSenderRefused_provesNothing() {
        RecipientWorld world = world(DEFERRING);
        world.primary.answer("MAIL", "550 5.1.1 no such user");
        assertThat(world.rcpt("a")).startsWith("450 4.1.1");
    }

    @Test
    void fullMailbox_isPutOff_neverRefused() {
        RecipientWorld world = world(DEFERRING);
        world.saysToEverybody("552 5.2.2 mailbox full");
        assertThat(world.rcpt("a")).startsWith("452 4.2.2");
    }

    @Test
    void deferral_isPassedOnForFiveMinutes_andAskedAgainThen() {
        RecipientWorld world = world(DEFERRING).knows("a");
        world.saysToEverybody("450 4.2.1 this user gets too much mail");
        assertThat(world.rcpt("a")).isEqualTo("450 4.2.1 this user gets too much mail");
        world.isInItsRightMind();
        world.clock.advance(Duration.ofMinutes(4));
        assertThat(world.rcpt("a")).startsWith("450 4.2.1");
        assertThat(world.asked("a")).isEqualTo(1);
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(world.rcpt("a")).startsWith("250");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"452 4.2.2 mailbox full; 452 4.2.2", "451 4.7.1 greylisted; 250", "451 4.3.0 overloaded; 250"})
    void deliveryPutOff_holdsForOthersOnlyIfItIsAboutTheMailbox(String reply, String expected) {
        RecipientWorld world = world(DEFERRING).knows("a");
        assertThat(world.rcpt("a")).startsWith("250");
        world.saysToEverybody(reply);
        world.send("a");
        await().until(() -> world.lane().lastForwarded().isEmpty() && world.asked("a") == 2);
        await().untilAsserted(() -> assertThat(world.rcpt("a")).startsWith(expected));
        world.clock.advance(Duration.ofMinutes(6));
        assertThat(world.rcpt("a")).startsWith("250");
    }

    @Test
    void refusedAddress_inAnotherCase_isAskedForItself() {
        RecipientWorld world = world(DEFERRING).knows("Jo");
        assertThat(world.rcpt("jo")).startsWith("550");
        assertThat(world.rcpt("Jo")).startsWith("250");
        assertThat(world.rcpt("jo"))
                .as("where one is a recipient, none is refused")
                .startsWith("250");
    }

    @Test
    void postmaster_isAlwaysTaken() {
        RecipientWorld world = world(DEFERRING);
        world.saysToEverybody("550 5.1.1 no");
        assertThat(world.rcpt("Postmaster")).startsWith("250");
        assertThat(world.asked("Postmaster")).isZero();
    }

    @Test
    void catchAll_isTriedAgainAfterADay() {
        RecipientWorld world = world(DEFERRING).knows("*");
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.rcpt("b")).startsWith("250");
        assertThat(world.asked("b")).isZero();
        world.forgets("*");
        world.clock.advance(Duration.ofHours(25));
        assertThat(world.rcpt("c")).startsWith("550");
    }

    @Test
    void restart_remembersWhatWasLearned() throws Exception {
        RecipientWorld world = world(DEFERRING).knows("a");
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.rcpt("b")).startsWith("550");
        world.restart();
        world.primary.pause();
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.rcpt("b")).startsWith("550");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(world.database())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"this is no database, but somebody wrote it over one", ""})
    void damagedOrEmptyDatabase_isMadeAnew(String content) throws Exception {
        RecipientWorld world = world(DEFERRING).knows("a");
        assertThat(world.rcpt("a")).startsWith("250");
        world.shutDown();
        Files.writeString(world.database(), content.repeat(100), StandardOpenOption.TRUNCATE_EXISTING);
        world.restart();
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.asked("a")).isEqualTo(2);
        world.restart();
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.asked("a")).isEqualTo(2);
    }

    @Test
    void databaseThatCannotBeUsed_stopsNothing() throws Exception {
        RecipientWorld world = world(DEFERRING).knows("a");
        world.shutDown();
        Files.delete(world.database());
        Files.createDirectory(world.database());
        world.restart();
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.asked("a")).isEqualTo(1);
    }

    @Test
    void explain_asksNobodyAndChangesNothing() {
        RecipientWorld world = world(DEFERRING).knows("a");
        RecipientExplanation before = world.spool().explain(RecipientWorld.path("a"));
        assertThat(before.reply()).isEmpty();
        assertThat(before.reason()).contains("would be asked");
        assertThat(before.primary()).contains(PrimaryState.UP);
        assertThat(world.asked("a")).isZero();
        world.rcpt("a");
        world.clock.advance(Duration.ofHours(3));
        RecipientExplanation after = world.spool().explain(RecipientWorld.path("a"));
        assertThat(after.reply()).contains("250 2.1.5 Ok");
        assertThat(after.reason()).isEqualTo("learned valid 3 h ago: asked, " + world.nextHop() + " said 250 2.1.5 Ok");
        world.down();
        RecipientExplanation unknown = world.spool().explain(RecipientWorld.path("b"));
        assertThat(unknown.reply().orElseThrow()).startsWith("450 4.1.1");
        assertThat(unknown.reason()).contains("unknown: defer", "down");
        assertThat(world.spool()
                        .explain(new org.understudy.smtp.ForwardPath("a", Optional.of("other.test")))
                        .reply())
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("550 5.7.1"));
    }
}
