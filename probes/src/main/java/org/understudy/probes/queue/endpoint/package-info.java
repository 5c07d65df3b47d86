/** Queues as pages tell of them: Prometheus and JSON. */
@NullMarked
package org.understudy.probes.queue.endpoint;

import org.jspecify.annotations.NullMarked;
