/** Whether mail waits longer than it should. */
@NullMarked
package org.understudy.probes.queue;

import org.jspecify.annotations.NullMarked;
