package org.understudy.agent.audit;

import org.understudy.smtp.DomainName;

/** Who wants to know how far an audit is. Called by many threads. */
public interface AuditProgress {
    void domainBegun(DomainName domain);

    void probeEnded(DomainName domain, String probeId);

    void domainEnded(DomainName domain);
}
