package org.understudy.probes;

import java.time.Clock;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** A probe that puts what it sees into a {@link ResultBuilder}. */
public abstract class DomainProbe implements Probe {
    private final String id;
    private final DomainName domain;
    private final Clock clock;

    /**
     * @param kind first part of the id
     * @param what last part of the id
     */
    protected DomainProbe(String kind, DomainName domain, String what, Clock clock) {
        this.id = kind + "/" + domain + "/" + what;
        this.domain = domain;
        this.clock = clock;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final DomainName domain() {
        return domain;
    }

    @Override
    public final ProbeResult run(Deadline deadline) {
        return ResultBuilder.of(this, clock, result -> look(result, deadline));
    }

    protected final Clock clock() {
        return clock;
    }

    /** Looks now, and puts what is found into the result. What it throws is unforeseen, and makes the result unknown. */
    protected abstract void look(ResultBuilder result, Deadline deadline);
}
