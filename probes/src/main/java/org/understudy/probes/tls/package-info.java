/** What TLS of the exchangers is worth to senders, on each address. */
@NullMarked
package org.understudy.probes.tls;

import org.jspecify.annotations.NullMarked;
