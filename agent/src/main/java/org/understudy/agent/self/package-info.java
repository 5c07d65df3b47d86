/** What the agent finds out about itself: a fault of its own is no fault of a domain. */
@NullMarked
package org.understudy.agent.self;

import org.jspecify.annotations.NullMarked;
