package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;

/** Operators give mail back to its senders. */
class ReturnTest {
    private static final OperatorOrder ANN = TimedSpool.ANN;
    private static final String CONTENT = "Message-ID: <1@sender.test>\r\nSubject: hello\r\n\r\nbody\r\n";
    private static final ReversePath SENDER = ReversePath.of(new Mailbox("s", "sender.test"));

    @TempDir
    Path directory;

    private TimedSpool spool;

    @BeforeEach
    void start() {
        spool = TimedSpool.withNotices(directory, NoticePolicy.NEVER, SenderProof.NONE);
        spool.operations().freeze(TimedSpool.ORG, ANN);
    }

    @AfterEach
    void stop() {
        spool.close();
    }

    private static Recipient notify(String address, String notify) {
        return new Recipient(TimedSpool.recipient(address).path(), new EsmtpParameters(Map.of("NOTIFY", notify)));
    }

    private QueueId send(ReversePath sender, String content, Recipient... recipients) {
        return spool.send(new Envelope(sender, EsmtpParameters.NONE, Arrays.asList(recipients)), content);
    }

    private QueueId send() {
        return send(SENDER, CONTENT, TimedSpool.recipient("user@example.org"));
    }

    private OrderResult giveBack(QueueId id) {
        return spool.operations().order(QueueAction.RETURN, QueueSelection.of(id), ANN);
    }

    private List<ScriptedServer.Message> awaitNotices(int notices) {
        await().until(() -> spool.smarthost.messages().size() == notices);
        return spool.smarthost.messages();
    }

    @Test
    void mail_isReturned_byANoticeWithoutSender_throughTheRelay() {
        QueueId id = send();
        assertThat(giveBack(id)).isEqualTo(new OrderResult(1, 1, List.of(), List.of()));
        assertThat(spool.find(id)).isEmpty();
        ScriptedServer.Message notice = awaitNotices(1).get(0);
        assertThat(notice.mailFrom()).startsWith("<> ").contains("BODY=7BIT");
        assertThat(notice.recipients()).containsExactly("<s@sender.test> NOTIFY=NEVER");
        assertThat(notice.text())
                .contains("\r\nTo: <s@sender.test>\r\n")
                .contains("\r\nAuto-Submitted: auto-replied\r\n")
                .contains("\r\nFinal-Recipient: rfc822; user@example.org\r\n")
                .contains("\r\nSubject: hello\r\n")
                .doesNotContain("body\r\n");
        await().until(() -> spool.counts().forwarded() == 1);
        assertThat(spool.counts().returned()).isEqualTo(1);
        assertThat(spool.counts().accepted()).isEqualTo(2);
        assertThat(spool.primary.messages()).isEmpty();
        assertThat(spool.operations().audit(1).get(0))
                .extracting(AuditEntry::action, AuditEntry::result)
                .containsExactly("return", "done: messages 1, recipients 1");
    }

    @Test
    void allRecipientsOfAMessage_shareANotice() {
        QueueId id =
                send(SENDER, CONTENT, TimedSpool.recipient("a@example.org"), TimedSpool.recipient("b@example.org"));
        assertThat(giveBack(id).units()).isEqualTo(2);
        assertThat(awaitNotices(1).get(0).text())
                .contains("Final-Recipient: rfc822; a@example.org")
                .contains("Final-Recipient: rfc822; b@example.org");
        assertThat(spool.counts().returned()).isEqualTo(2);
    }

    @Test
    void refusedMail_isReturned_withTheReply() {
        spool.operations().thaw(TimedSpool.ORG, ANN);
        QueueId first = send();
        await().until(() -> spool.find(first).isEmpty());
        spool.primary.answer("DOT", "554 5.6.0 no such content here");
        QueueId id = send(SENDER, "Subject: other\r\n\r\nx\r\n", TimedSpool.recipient("user@example.org"));
        await().until(() -> spool.unit(id).state() == UnitState.QUARANTINED);
        giveBack(id);
        assertThat(awaitNotices(1).get(0).text())
                .contains("\r\nStatus: 5.6.0\r\n")
                .contains("\r\nRemote-MTA: dns; [127.0.0.1]\r\n")
                .contains("\r\nDiagnostic-Code: smtp; 554 5.6.0 no such content here\r\n");
    }

    @Test
    void expiredMail_isReturned_asExpired() {
        QueueId id = send();
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().until(() -> spool.unit(id).state() == UnitState.EXPIRED);
        await().until(() -> giveBack(id).busy().isEmpty());
        assertThat(awaitNotices(1).get(0).text())
                .contains("\r\nStatus: 4.4.7\r\n")
                .contains("\r\nAction: failed\r\n")
                .doesNotContain("Diagnostic-Code");
    }

    @Test
    void withoutReason_itIsRefused() {
        QueueId id = send();
        assertThatThrownBy(() -> spool.operations()
                        .order(QueueAction.RETURN, QueueSelection.of(id), new OperatorOrder("ann", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason");
        assertThat(spool.unit(id).state()).isEqualTo(UnitState.QUEUED);
    }

    @Test
    void withoutWayOut_itIsRefused_inOneSentence(@TempDir Path elsewhere) {
        try (TimedSpool closed = TimedSpool.withoutNotices(elsewhere)) {
            closed.operations().freeze(TimedSpool.ORG, ANN);
            QueueId id = closed.send("user@example.org");
            assertThatThrownBy(() -> closed.operations().order(QueueAction.RETURN, QueueSelection.of(id), ANN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("spool.returnRelay");
            assertThat(closed.unit(id).state()).isEqualTo(UnitState.QUEUED);
            assertThat(closed.counts().accepted()).isEqualTo(1);
        }
    }

    @Test
    void whomNobodyMayTell_isRefused() {
        Recipient user = TimedSpool.recipient("user@example.org");
        QueueId bounce = send(ReversePath.NULL, CONTENT, user);
        QueueId report =
                send(SENDER, "Content-Type: MULTIPART/report;\r\n boundary=x\r\nSubject: y\r\n\r\nz\r\n", user);
        QueueId never = send(SENDER, CONTENT, notify("user@example.org", "NEVER"));
        QueueId successOnly = send(SENDER, CONTENT, notify("user@example.org", "SUCCESS,DELAY"));
        OrderResult result = spool.operations().order(QueueAction.RETURN, QueueSelection.of(QueueFilter.ALL), ANN);
        assertThat(result.units()).isZero();
        assertThat(result.refused())
                .extracting(r -> r.id() + " " + r.why())
                .containsExactly(
                        bounce + " it has no sender who could be told (<>)",
                        report + " it is a report of a mail system itself",
                        never + " its sender wants no notice of failure (NOTIFY)",
                        successOnly + " its sender wants no notice of failure (NOTIFY)");
        assertThat(spool.counts().queued()).isEqualTo(4);
        assertThat(spool.counts().accepted()).isEqualTo(4);
    }

    @Test
    void recipientOfWhichItsSenderWantsToHearNothing_isLeft() {
        QueueId id = send(SENDER, CONTENT, notify("a@example.org", "NEVER"), notify("b@example.org", "FAILURE"));
        assertThat(giveBack(id).units()).isEqualTo(1);
        assertThat(awaitNotices(1).get(0).text())
                .contains("rfc822; b@example.org")
                .doesNotContain("a@example.org");
        assertThat(spool.find(id).orElseThrow().units())
                .extracting(Unit::state)
                .containsExactly(UnitState.QUEUED, UnitState.RETURNED);
    }

    @Test
    void notice_isDropped_afterADay_andNobodyIsTold() {
        spool.smarthost.pause();
        giveBack(send());
        await().until(() -> spool.counts().queued() == 1);
        spool.clock.advance(Duration.ofHours(23));
        await().during(Duration.ofMillis(200)).until(() -> spool.counts().queued() == 1);
        spool.clock.advance(Duration.ofHours(2));
        await().until(() -> spool.counts().discarded() == 1);
        assertThat(spool.counts().accepted()).isEqualTo(2);
        assertThat(spool.counts().queued()).isZero();
    }

    @Test
    void notice_surviveRestart_andLeavesThen() {
        spool.smarthost.pause();
        giveBack(send());
        spool.restart();
        spool.smarthost.resume();
        awaitNotices(1);
        await().until(() -> spool.counts().forwarded() == 1);
    }

    @Test
    void noticeThatIsRefused_isDropped_andNobodyIsTold() {
        giveBack(send());
        awaitNotices(1);
        await().until(() -> spool.counts().forwarded() == 1);
        spool.smarthost.answer("DOT", "554 5.6.0 no notices, please");
        giveBack(send());
        await().until(() -> spool.counts().discarded() == 1);
        assertThat(spool.counts().accepted()).isEqualTo(4);
        assertThat(spool.counts().queued()).isZero();
    }

    @Test
    void notice_cannotBeReturned() {
        spool.smarthost.pause();
        giveBack(send());
        QueuedMessage notice = spool.operations()
                .list(QueueFilter.ALL, Optional.empty(), 10)
                .messages()
                .get(0);
        // The lane may just be trying it.
        await().until(() -> giveBack(notice.id()).refused().size() == 1);
        assertThat(spool.counts().accepted()).isEqualTo(2);
    }

    @Test
    void nothingButNotices_goesThatWay() {
        spool.primary.pause();
        QueueId postmaster = send(SENDER, CONTENT, Recipient.of(new ForwardPath("postmaster", Optional.empty())));
        QueueId mail = send();
        giveBack(send());
        awaitNotices(1);
        await().during(Duration.ofMillis(500))
                .until(() -> spool.smarthost.messages().size() == 1);
        assertThat(spool.find(postmaster)).isPresent();
        assertThat(spool.find(mail)).isPresent();
        assertThat(spool.smarthost.commands())
                .filteredOn(c -> c.startsWith("RCPT"))
                .hasSize(1);
    }
}
