package org.understudy.spool;

import java.net.InetAddress;
import org.understudy.smtp.Mailbox;

/** Says whether a client may send for a sender. Thread-safe; may wait, since it is asked on threads that may. */
@FunctionalInterface
public interface SenderAuthentication {
    /** Where nobody can say so. */
    SenderAuthentication NOBODY = (client, sender) -> false;

    /** True only if that is certain. */
    boolean isAuthentic(InetAddress client, Mailbox sender);
}
