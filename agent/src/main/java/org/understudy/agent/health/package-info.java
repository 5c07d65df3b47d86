/** Whether the agent itself is well; whether a domain is, is another question. */
@NullMarked
package org.understudy.agent.health;

import org.jspecify.annotations.NullMarked;
