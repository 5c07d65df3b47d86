package org.understudy.interop.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.SpoolStatus;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;

/**
 * A whole spool. Arguments: directory, port of the next hop, octets of a segment, octets above which a message is large. Says
 * {@code LISTENING port} when it serves; answers {@code status} on its standard input with one line, and ends with it.
 */
public final class SpoolProcess {
    /** Short, so that what a kill left in doubt is sent again while somebody looks. */
    private static final Duration LOST_REPLY = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private SpoolProcess() {}

    public static void main(String[] arguments) throws IOException {
        StorageSettings storage = new StorageSettings(
                Path.of(arguments[0]), Long.parseLong(arguments[2]), Long.parseLong(arguments[3]), 0);
        try (Spool spool = Spool.open(settings(storage, Integer.parseInt(arguments[1])), Clock.systemUTC());
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            spool.start();
            System.out.println("LISTENING " + spool.addresses().get(0).getPort());
            System.out.flush();
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                SpoolStatus status = spool.status();
                System.out.println(status.store().accepting() + "\t"
                        + status.counts().queued() + "\t" + status.counts().isBalanced() + "\t"
                        + status.store().detail());
                System.out.flush();
            }
        }
    }

    private static SpoolSettings settings(StorageSettings storage, int nextHop) {
        DomainName name = new DomainName("spool.test");
        ReceptionSettings reception = new ReceptionSettings(
                name,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                16L * 1024 * 1024,
                100,
                30,
                SessionLimits.standard().withMaximum(200).withCommandTimeout(PATIENCE),
                Optional.empty(),
                TrustedClients.NONE);
        SmtpTimeouts timeouts = SmtpTimeouts.all(PATIENCE);
        ForwardingSettings forwarding = new ForwardingSettings(
                Map.of(
                        new DomainName(NumberedMail.DOMAIN),
                        new NextHop(InetAddress.getLoopbackAddress().getHostAddress(), nextHop, TlsPolicy.NONE)),
                name,
                Duration.ofMillis(200),
                8,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                ForwardingPatience.standard().withLostReply(LOST_REPLY),
                timeouts);
        return new SpoolSettings(reception, storage, forwarding);
    }
}
