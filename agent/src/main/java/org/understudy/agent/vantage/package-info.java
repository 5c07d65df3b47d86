/** What is seen from other places than that of the agent, and said to it. */
@NullMarked
package org.understudy.agent.vantage;

import org.jspecify.annotations.NullMarked;
