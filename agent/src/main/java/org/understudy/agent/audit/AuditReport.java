package org.understudy.agent.audit;

/** The result of an audit in one form. Confined to one thread. */
public interface AuditReport {

    /** Adds a domain. */
    void add(DomainAudit audit);

    /** Says what all domains come to; the last call. */
    void end();
}
