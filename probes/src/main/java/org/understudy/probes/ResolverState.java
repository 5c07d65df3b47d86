package org.understudy.probes;

import java.util.Optional;

/**
 * How a resolver of ours does.
 *
 * @param resolver its address and port
 * @param trouble why it cannot be relied on; empty if it can
 */
public record ResolverState(String resolver, Optional<String> trouble) {}
