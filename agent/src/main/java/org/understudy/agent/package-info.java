/**
 * The service, and the only place where the libraries meet: {@link org.understudy.agent.AgentApplication} constructs
 * everything by hand, in the order in which it is started.
 */
@NullMarked
package org.understudy.agent;

import org.jspecify.annotations.NullMarked;
