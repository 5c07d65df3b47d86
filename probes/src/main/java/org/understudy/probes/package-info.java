/** Placeholder. */
@NullMarked
package org.understudy.probes;

import org.jspecify.annotations.NullMarked;
