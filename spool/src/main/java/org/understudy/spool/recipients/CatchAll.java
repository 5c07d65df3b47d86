package org.understudy.spool.recipients;

import java.time.Instant;

/**
 * Whether a next hop takes any local part of a domain: then asking it for one proves nothing.
 *
 * @param checked when it was last offered a random one
 */
public record CatchAll(boolean takesAll, Instant checked) {}
