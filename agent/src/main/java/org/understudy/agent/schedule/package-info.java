/** When probes run: Quartz with its store in memory, jitter, no overlap, no replay of missed runs. */
@NullMarked
package org.understudy.agent.schedule;

import org.jspecify.annotations.NullMarked;
