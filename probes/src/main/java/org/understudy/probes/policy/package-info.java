/** What a domain publishes about its mail beside MX records: MTA-STS, TLS reporting, SPF; and what block lists say of it. */
@NullMarked
package org.understudy.probes.policy;

import org.jspecify.annotations.NullMarked;
