/** The only place where what a library says becomes what another one hears: findings become signals, the spool a queue. */
@NullMarked
package org.understudy.agent.bridge;

import org.jspecify.annotations.NullMarked;
