package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
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

/** The spool offers what its primary offers, learns it by forwarding, and knows it in an outage. */
class MirrorTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final byte[] CONTENT = "Subject: \u00fc\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temporary;

    private final ScriptedServer primary = ScriptedServer.start();
    private @Nullable Spool spool;

    @AfterEach
    void close() {
        primary.close();
        if (spool != null) {
            spool.close();
        }
    }

    private Spool restart() {
        if (spool != null) {
            spool.close();
        }
        SmtpTimeouts timeouts = SmtpTimeouts.all(SHORT);
        Spool opened = Spool.open(
                new SpoolSettings(
                        LoopbackReception.settings(20_000_000, 1000),
                        new StorageSettings(temporary.resolve("spool"), 1024 * 1024, 256 * 1024, 0),
                        new ForwardingSettings(
                                Map.of(
                                        new DomainName("example.org"),
                                        new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE)),
                                new DomainName("mx2.test"),
                                Duration.ofMillis(200),
                                2,
                                Duration.ofMillis(300),
                                Duration.ofSeconds(2),
                                ForwardingPatience.standard(),
                                timeouts)),
                Clock.systemUTC());
        opened.start();
        spool = opened;
        return opened;
    }

    private SmtpSession session() {
        InetSocketAddress address =
                spool == null ? new InetSocketAddress(0) : spool.addresses().get(0);
        return SmtpSession.open(
                        new SmtpEndpoint("mx2.test", address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow();
    }

    private Capabilities offered() {
        try (SmtpSession session = session()) {
            return session.capabilities();
        }
    }

    private TransactionResult send(Envelope envelope) {
        try (SmtpSession session = session()) {
            return session.send(envelope, MessageContent.of(CONTENT), TransactionObserver.NONE);
        }
    }

    private static Envelope plain() {
        return Envelope.of(ReversePath.NULL, new ForwardPath("a", Optional.of("example.org")));
    }

    private static Envelope international() {
        return new Envelope(
                ReversePath.of(new Mailbox("\u00fc", "sender.test")),
                new EsmtpParameters(Map.of("BODY", "8BITMIME", "RET", "HDRS", "ENVID", "e1")),
                List.of(new Recipient(
                        new ForwardPath("\u00e4", Optional.of("example.org")),
                        new EsmtpParameters(Map.of("NOTIFY", "FAILURE", "ORCPT", "utf-8;\u00e4@example.org")))));
    }

    private void awaitArrival(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> primary.messages().size() == count);
    }

    @Test
    void primarysOffer_isLearned_andKnownInAnOutageAndAfterARestart() {
        primary.offers("PIPELINING", "SIZE 5000000", "8BITMIME", "SMTPUTF8", "DSN");
        restart();
        assertThat(offered().offers("SMTPUTF8")).isFalse();
        assertThat(offered().maximumSize()).hasValue(20_000_000);
        assertThat(send(plain()).outcome()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
        awaitArrival(1);
        primary.pause();
        for (int start = 0; start < 2; start++) {
            assertThat(offered().offers("SMTPUTF8")).isTrue();
            assertThat(offered().maximumSize()).hasValue(5_000_000);
            restart();
        }
        assertThat(send(international()).outcome()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
        primary.resume();
        awaitArrival(2);
        ScriptedServer.Message arrived = primary.messages().get(1);
        assertThat(arrived.mailFrom())
                .startsWith("<\u00fc@sender.test>")
                .contains(" SMTPUTF8", " BODY=8BITMIME", " RET=HDRS", " ENVID=e1");
        assertThat(arrived.recipients()).hasSize(1);
        assertThat(arrived.recipients().get(0))
                .startsWith("<\u00e4@example.org>")
                .contains(" NOTIFY=FAILURE", " ORCPT=utf-8;\u00e4@example.org");
        assertThat(new String(arrived.content(), StandardCharsets.UTF_8))
                .contains("with UTF8SMTP id", "Subject: \u00fc");
    }

    @Test
    void primaryChangesItsOffer_soDoesTheSpool() {
        primary.offers("PIPELINING", "SIZE 5000000", "8BITMIME", "SMTPUTF8");
        restart();
        send(plain());
        awaitArrival(1);
        assertThat(offered().offers("SMTPUTF8")).isTrue();
        primary.offers("PIPELINING");
        // The session of the lane is not used for long; a new one shows what is offered now.
        await().until(() -> {
            send(plain());
            return !offered().offers("SMTPUTF8");
        });
        assertThat(offered().offers("8BITMIME")).isFalse();
        assertThat(offered().maximumSize()).hasValue(20_000_000);
    }
}
