/** The HTTP API, the dashboard and the health of domains. */
@NullMarked
package org.understudy.agent.resources;

import org.jspecify.annotations.NullMarked;
