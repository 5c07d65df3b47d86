package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.dsn.Notices;
import org.understudy.spool.forwarding.Forwarder;
import org.understudy.spool.forwarding.GatedStore;
import org.understudy.spool.forwarding.KnownCapabilities;
import org.understudy.spool.operations.AuditLog;
import org.understudy.spool.operations.Controls;

/** The end comes between the notice and the record that there is one. */
class ReturnCrashTest {
    private static final DomainName HOST = new DomainName("mx2.test");
    private static final NextHop NOWHERE = new NextHop("127.0.0.1", 9, TlsPolicy.NONE);

    @TempDir
    Path directory;

    @Test
    void notice_isStoredFirst_andSentTwiceAtWorst() {
        Clock clock = Clock.systemUTC();
        try (GatedStore store = new GatedStore(MessageStores.embedded(
                new StorageSettings(directory.resolve("spool"), 1024 * 1024, 256 * 1024, 0), clock))) {
            QueueOperations operations = operations(store, clock);
            QueueId id = store(store, clock);

            store.fail(1);
            assertThatThrownBy(() -> giveBack(operations, id)).isInstanceOf(SpoolException.class);
            assertThat(store.find(id).orElseThrow().units().get(0).state()).isEqualTo(UnitState.QUEUED);
            assertThat(notices(store)).isEqualTo(1);

            assertThat(giveBack(operations, id).units()).isEqualTo(1);
            assertThat(store.find(id)).isEmpty();
            assertThat(notices(store)).isEqualTo(2);
            assertThat(store.counts().isBalanced()).isTrue();
        }
    }

    private static OrderResult giveBack(QueueOperations operations, QueueId id) {
        return operations.order(QueueAction.RETURN, QueueSelection.of(id), new OperatorOrder("ann", "test"));
    }

    private static long notices(MessageStore store) {
        return store.list(Optional.empty(), List.of(UnitState.QUEUED), Optional.empty(), 10).stream()
                .filter(message -> message.origin().isNotice())
                .count();
    }

    /** Nothing is forwarded, as the forwarder is never started. */
    private QueueOperations operations(MessageStore store, Clock clock) {
        Map<DomainName, NextHop> routes = Map.of(TimedSpool.ORG, NOWHERE);
        Duration d = Duration.ofSeconds(2);
        ForwardingSettings settings =
                new ForwardingSettings(routes, HOST, d, 1, d, d, ForwardingPatience.standard(), SmtpTimeouts.all(d));
        Forwarder forwarder = new Forwarder(
                settings,
                store,
                directory.resolve("in-flight"),
                KnownCapabilities.open(directory.resolve("capabilities"), routes),
                Optional.of(NOWHERE),
                clock);
        Notices notices = new Notices(
                new NoticeSettings(Optional.of(NOWHERE), Map.of(), SenderProof.NONE),
                HOST,
                directory,
                store,
                forwarder,
                domain -> Optional.of(NOWHERE),
                clock);
        return new QueueOperations(
                routes,
                (domain, nextHop) -> {},
                store,
                forwarder,
                Controls.open(directory.resolve(Controls.FILE)),
                AuditLog.open(directory.resolve(AuditLog.FILE), clock),
                notices,
                clock);
    }

    private static QueueId store(MessageStore store, Clock clock) {
        MessageDraft draft = store.begin(
                Envelope.of(
                        ReversePath.of(new Mailbox("s", "sender.test")),
                        new ForwardPath("user", Optional.of("example.org"))),
                new Origin(
                        InetAddress.getLoopbackAddress(), "client.test", "ESMTP", Optional.empty(), clock.instant()));
        byte[] content = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        draft.write(content, 0, content.length);
        assertThat(draft.commit()).isEqualTo(CommitResult.STORED);
        return draft.id();
    }
}
