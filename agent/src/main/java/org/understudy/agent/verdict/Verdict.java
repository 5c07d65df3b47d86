package org.understudy.agent.verdict;

/** What may be said of a domain. Never better than the evidence, and never green without fresh proof. */
public enum Verdict {
    /** Both paths are proved and nothing is wrong. */
    PROTECTED(true),
    /** The mail would survive, but something weakens the protection. */
    AT_RISK(true),
    /** If the primary died now, or because it has died, mail is lost or refused. */
    EXPOSED(false),
    /** The primary is down and the backup holds the mail. */
    FAILOVER(false),
    /** The primary is back; what was held is still being handed over, or the way back is not yet proved. */
    RECOVERING(false),
    /** There is not enough fresh evidence to say. */
    UNKNOWN(false);

    private final boolean healthy;

    Verdict(boolean healthy) {
        this.healthy = healthy;
    }

    /** True for the verdicts that {@code /health/domains/{domain}} answers with 200. */
    public boolean isHealthy() {
        return healthy;
    }
}
