/** What the agent itself remembers below its data directory, and that it is the only one to have it. */
@NullMarked
package org.understudy.agent.storage;

import org.jspecify.annotations.NullMarked;
