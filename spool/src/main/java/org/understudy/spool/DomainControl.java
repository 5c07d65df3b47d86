package org.understudy.spool;

import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * What an operator has ordered for a domain, until it is taken back. Immutable.
 *
 * @param frozen since when its mail is held, if it is
 * @param rerouted the next hop that replaces the configured one, if one does
 * @param words who ordered it, and why
 */
public record DomainControl(DomainName domain, Optional<Instant> frozen, Optional<NextHop> rerouted, String words) {}
