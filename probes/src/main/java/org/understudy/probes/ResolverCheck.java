package org.understudy.probes;

import java.util.List;

/** Looks whether the resolvers that all other probes rely on can be relied on. Thread-safe. */
@FunctionalInterface
public interface ResolverCheck {

    /** Asks each of them; one after the other. */
    List<ResolverState> look();
}
