package org.understudy.agent.self;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this machine by which others may know it. Stateless. */
public final class MachineAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(MachineAddresses.class);

    private MachineAddresses() {}

    /** None if the system does not say. */
    public static List<InetAddress> all() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .toList();
        } catch (SocketException e) {
            LOG.debug("the addresses of this machine cannot be found out", e);
            return List.of();
        }
    }
}
