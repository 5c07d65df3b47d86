/** The spool's queue as people see it and order it about: the same words and documents for the API and the command line. */
@NullMarked
package org.understudy.agent.queue;

import org.jspecify.annotations.NullMarked;
