package org.understudy.agent.lab;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SmtpReceiver;
import org.understudy.spool.SpoolException;
import org.understudy.spool.TrustedClients;

/** One SMTP port that can be closed and opened again; the port stays the same. Thread-safe. */
final class SmtpPort implements AutoCloseable {
    private static final long MAXIMUM_MESSAGE_BYTES = 50L * 1024 * 1024;
    private static final int MAXIMUM_RECIPIENTS = 1000;
    private static final int MAXIMUM_SESSIONS = 500;
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(5);
    private static final int MAXIMUM_HOPS = 100;

    private final String key;
    private final DomainName hostName;
    private final Optional<SSLContext> tls;
    private final RecipientPolicy policy;
    private final MessageIntake intake;
    private final Clock clock;
    private InetSocketAddress address;
    private @Nullable SmtpReceiver receiver;

    /**
     * Listens nowhere yet.
     *
     * @param key of the configuration, for the error when the port is taken
     */
    SmtpPort(
            String key,
            DomainName hostName,
            InetSocketAddress address,
            Optional<SSLContext> tls,
            RecipientPolicy policy,
            MessageIntake intake,
            Clock clock) {
        this.key = key;
        this.address = address;
        this.hostName = hostName;
        this.tls = tls;
        this.policy = policy;
        this.intake = intake;
        this.clock = clock;
    }

    /** Listens; does nothing if it does already. */
    synchronized void open() {
        if (receiver != null) {
            return;
        }
        try {
            SmtpReceiver started = SmtpReceiver.start(settings(), policy, intake, clock);
            receiver = started;
            // Port 0 becomes the port that was chosen, and stays that over stop and start.
            address = started.addresses().get(0);
        } catch (SpoolException e) {
            throw LabPorts.taken(address.getAddress(), address.getPort(), key, e);
        }
    }

    private ReceptionSettings settings() {
        return new ReceptionSettings(
                hostName,
                List.of(address),
                MAXIMUM_MESSAGE_BYTES,
                MAXIMUM_RECIPIENTS,
                MAXIMUM_HOPS,
                SessionLimits.standard().withMaximum(MAXIMUM_SESSIONS).withCommandTimeout(COMMAND_TIMEOUT),
                tls.map(context -> () -> context),
                TrustedClients.NONE);
    }

    /** Chooses the port without listening on it, for a start in the stopped state. */
    synchronized void choose() {
        if (address.getPort() == 0) {
            address = LabPorts.free(address.getAddress(), 0, key);
        }
    }

    synchronized InetSocketAddress address() {
        return address;
    }

    /** Connections are refused from now on and open sessions end. */
    @Override
    public synchronized void close() {
        if (receiver != null) {
            receiver.close();
            receiver = null;
        }
    }
}
