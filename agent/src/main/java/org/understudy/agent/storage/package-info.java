/**
 * What the agent itself remembers: the result of every run of a probe, in {@code agent.db} below the data directory, for
 * seven days.
 */
@NullMarked
package org.understudy.agent.storage;

import org.jspecify.annotations.NullMarked;
