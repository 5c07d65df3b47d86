package org.understudy.spool;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/** Reception of the spools that tests open. */
public final class LoopbackReception {
    private static final int MAXIMUM_HOPS = 50;

    private LoopbackReception() {}

    /** On any free port of the loopback address, in the clear, with the standard limits. */
    public static ReceptionSettings settings(long maximumBytes, int maximumRecipients) {
        return new ReceptionSettings(
                new DomainName("mx2.test"),
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                maximumBytes,
                maximumRecipients,
                MAXIMUM_HOPS,
                SessionLimits.standard(),
                Optional.empty(),
                TrustedClients.NONE);
    }
}
