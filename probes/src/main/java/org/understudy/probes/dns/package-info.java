/** DNS as senders see it: every authoritative server asked by itself, and the resolver beside them. The only place that knows dnsjava. */
@NullMarked
package org.understudy.probes.dns;

import org.jspecify.annotations.NullMarked;
