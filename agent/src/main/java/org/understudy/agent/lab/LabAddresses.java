package org.understudy.agent.lab;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where the lab listens, with the ports that were chosen where the configuration says 0. Immutable.
 *
 * @param primarySmtp also while the primary is stopped
 * @param dns UDP and TCP
 * @param slack a webhook URL; any path below it will do
 */
public record LabAddresses(
        InetSocketAddress primarySmtp,
        InetSocketAddress imap,
        InetSocketAddress dns,
        URI slack,
        InetSocketAddress mailSink) {}
