package org.understudy.probes;

import org.understudy.smtp.DomainName;

/**
 * A mail exchanger as the operator declares it.
 *
 * @param host the name in the MX record
 * @param role what it is for
 * @param port 25, except in a lab
 */
public record Exchanger(DomainName host, Role role, int port) {}
