/** The probes of many domains, once, and what came of it in several forms. */
@NullMarked
package org.understudy.agent.audit;

import org.jspecify.annotations.NullMarked;
