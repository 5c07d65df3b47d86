package org.understudy.probes.canary.storage;

import java.time.Instant;
import org.understudy.smtp.DomainName;

/**
 * A canary that is about to be sent.
 *
 * @param mayBeHeld true if our own spool may hold it
 */
public record NewCanary(
        String id,
        DomainName domain,
        DomainName host,
        String path,
        String mailbox,
        boolean mayBeHeld,
        String token,
        Instant createdAt,
        String bodyHash) {}
