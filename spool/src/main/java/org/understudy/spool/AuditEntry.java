package org.understudy.spool;

import java.time.Instant;

/**
 * One line of the audit log.
 *
 * @param number of the order; its beginning and its end have the same
 * @param action what was ordered
 * @param subject what it was for
 * @param result {@code ordered}, or what came of it
 */
public record AuditEntry(
        Instant at, long number, String actor, String action, String subject, String reason, String result) {}
