/** Placeholder. */
@NullMarked
package org.understudy.spool;

import org.jspecify.annotations.NullMarked;
