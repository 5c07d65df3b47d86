package org.understudy.spool;

import java.net.InetAddress;
import java.time.Instant;

/**
 * A message that was accepted.
 *
 * @param at when it had been stored
 * @param client that brought it
 */
public record Arrival(Instant at, InetAddress client) {}
