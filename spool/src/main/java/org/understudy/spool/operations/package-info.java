/** What operators order: the domains that they froze or rerouted, and the log of all that they did. Small files beside the store. */
@NullMarked
package org.understudy.spool.operations;

import org.jspecify.annotations.NullMarked;
