package org.understudy.agent.self;

import org.understudy.probes.ResultBuilder;

/** Looks at one thing that the agent depends on. Thread-safe; never throws for what it looks for. */
@FunctionalInterface
public interface SelfCheck {
    void look(ResultBuilder result);
}
