/** Placeholder. */
@NullMarked
package org.understudy.alerts;

import org.jspecify.annotations.NullMarked;
