package org.understudy.probes;

import org.understudy.smtp.DomainName;

/**
 * A mail server that has nothing to do with the domains under watch. That it answers shows that the fault is not ours; it is greeted,
 * and only when nobody else answers.
 */
public record ControlHost(DomainName host, int port) {}
