/** Thousands of clients that want nothing but places, and one that has mail. */
@NullMarked
package org.understudy.interop.swarm;

import org.jspecify.annotations.NullMarked;
