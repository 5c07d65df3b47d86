package org.understudy.spool;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.understudy.spool.reception.Reception;

/**
 * An SMTP server that takes mail for some recipients and hands it to an intake. Thread-safe; used once.
 */
public final class SmtpReceiver implements AutoCloseable {
    private final Reception reception;

    private SmtpReceiver(Reception reception) {
        this.reception = reception;
    }

    /**
     * Listens and serves, for mail that stays here.
     *
     * @throws SpoolException if an address cannot be used
     */
    public static SmtpReceiver start(
            ReceptionSettings settings, RecipientPolicy policy, MessageIntake intake, Clock clock) {
        return start(settings, policy, NextHopCapabilities.NONE, intake, clock);
    }

    /**
     * Listens and serves, for mail that is handed on.
     *
     * @param nextHops nothing is accepted that they are known to refuse
     * @throws SpoolException if an address cannot be used
     */
    public static SmtpReceiver start(
            ReceptionSettings settings,
            RecipientPolicy policy,
            NextHopCapabilities nextHops,
            MessageIntake intake,
            Clock clock) {
        Reception reception = new Reception(settings, policy, nextHops, intake, clock);
        reception.start();
        return new SmtpReceiver(reception);
    }

    /** Where it listens, with the ports really used, in the order of the settings. */
    public List<InetSocketAddress> addresses() {
        return reception.addresses();
    }

    public ReceptionCounts counts() {
        return reception.counts();
    }

    /**
     * Stops taking mail without cutting anybody: open transactions end in 250 or 451, idle and new sessions in 421.
     *
     * @return true if all had ended within the limit
     */
    public boolean drain(Duration limit) {
        return reception.drain(limit);
    }

    /** Ends what is left and closes the ports; when it returns, they are closed. */
    @Override
    public void close() {
        reception.close();
    }
}
