package org.understudy.interop.battery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.understudy.spool.LaneState;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;

/** A running spool for one domain. */
final class Backup implements AutoCloseable {
    static final String DOMAIN = "battery.test";
    private static final int MOST_HOPS = 100;
    private static final Duration SOON = Duration.ofMillis(300);

    private final Spool spool;

    private Backup(Spool spool) {
        this.spool = spool;
    }

    /** One that is ready to start; it fails here if its next hop is itself. */
    static Backup open(Path directory, String name, InetSocketAddress listen, String nextHop, int port) {
        DomainName ourName = new DomainName(name);
        ReceptionSettings reception = new ReceptionSettings(
                ourName,
                List.of(listen),
                16L * 1024 * 1024,
                1000,
                MOST_HOPS,
                SessionLimits.standard().withMaximum(200),
                Optional.empty(),
                TrustedClients.NONE);
        ForwardingSettings forwarding = new ForwardingSettings(
                Map.of(new DomainName(DOMAIN), new NextHop(nextHop, port, TlsPolicy.NONE)),
                ourName,
                Duration.ofSeconds(1),
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                new ForwardingPatience(SOON, SOON, Duration.ofDays(7)),
                SmtpTimeouts.forwarding());
        StorageSettings storage = new StorageSettings(directory, 64L * 1024 * 1024, 1024 * 1024, 0);
        return new Backup(Spool.open(new SpoolSettings(reception, storage, forwarding), Clock.systemUTC()));
    }

    /** One that runs, on any port of loopback. */
    static Backup start(Path directory, String name, int nextHop) {
        Backup backup =
                open(directory, name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "127.0.0.1", nextHop);
        backup.start();
        return backup;
    }

    void start() {
        spool.start();
    }

    InetSocketAddress address() {
        return spool.addresses().get(0);
    }

    QueueCounts counts() {
        return spool.status().counts();
    }

    LaneState lane() {
        return spool.status().lanes().get(0).state();
    }

    String trouble() {
        return spool.status().lanes().get(0).lastError().orElse("");
    }

    long handedOn() {
        return spool.status().lanes().get(0).forwarded();
    }

    @Override
    public void close() {
        spool.close();
    }
}
