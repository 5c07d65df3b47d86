/** Delivers the outbox: one thread per channel, in order, at least once. */
@NullMarked
package org.understudy.alerts.delivery;

import org.jspecify.annotations.NullMarked;
