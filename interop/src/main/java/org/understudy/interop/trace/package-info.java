/** The trace field that the spool adds, as filters read it. */
@NullMarked
package org.understudy.interop.trace;

import org.jspecify.annotations.NullMarked;
