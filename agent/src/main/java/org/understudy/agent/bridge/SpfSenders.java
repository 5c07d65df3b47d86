package org.understudy.agent.bridge;

import java.net.InetAddress;
import org.understudy.probes.SpfCheck;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.SenderAuthentication;

/** Takes a sender for authentic if SPF passes. Thread-safe. */
public final class SpfSenders implements SenderAuthentication {
    private final SpfCheck spf;

    public SpfSenders(SpfCheck spf) {
        this.spf = spf;
    }

    @Override
    public boolean isAuthentic(InetAddress client, Mailbox sender) {
        // The HELO name only fills a macro that hardly any policy has.
        return sender.domainName()
                .filter(domain -> spf.check(client, sender, domain.text()) == SpfCheck.Result.PASS)
                .isPresent();
    }
}
