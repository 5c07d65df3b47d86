package org.understudy.agent.bridge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;

/** A running spool for example.org whose primary is down, so that it holds all that it takes. */
final class HoldingSpool implements AutoCloseable {
    static final DomainName ORG = new DomainName("example.org");
    static final DomainName NAME = new DomainName("mx2.example.org");
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final ScriptedServer primary = ScriptedServer.start();
    private final Spool spool;

    HoldingSpool(Path directory) {
        primary.pause();
        ForwardingSettings forwarding = new ForwardingSettings(
                Map.of(ORG, new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE)),
                NAME,
                Duration.ofMillis(200),
                2,
                Duration.ofHours(1),
                Duration.ofHours(1),
                ForwardingPatience.standard(),
                SmtpTimeouts.all(SHORT));
        ReceptionSettings reception = new ReceptionSettings(
                NAME,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                1_000_000,
                100,
                50,
                SessionLimits.standard(),
                Optional.empty(),
                TrustedClients.NONE);
        spool = Spool.open(
                new SpoolSettings(
                        reception, new StorageSettings(directory.resolve("spool"), 1 << 20, 1 << 18, 0), forwarding),
                Clock.systemUTC());
        spool.start();
    }

    Spool spool() {
        return spool;
    }

    /** Hands it a message for jo@example.org. */
    QueueId send(Mailbox sender, String content) {
        InetSocketAddress address = spool.addresses().get(0);
        try (SmtpSession session = SmtpSession.open(
                        new SmtpEndpoint(NAME.text(), address.getAddress(), address.getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow()) {
            String reply = session.send(
                            Envelope.of(ReversePath.of(sender), new ForwardPath("jo", Optional.of(ORG.text()))),
                            MessageContent.of(content.getBytes(StandardCharsets.ISO_8859_1)),
                            TransactionObserver.NONE)
                    .reply()
                    .orElseThrow()
                    .text();
            return new QueueId(reply.replaceFirst("(?s).*queued as ", ""));
        }
    }

    @Override
    public void close() {
        spool.close();
        primary.close();
    }
}
