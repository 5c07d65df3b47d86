/**
 * A spool that is killed again and again, under load, at its start and while it hands mail on. Whoever sent the mail keeps the
 * list of what was acknowledged, in another process; in the end all of it must have arrived.
 */
@NullMarked
package org.understudy.interop.crash;

import org.jspecify.annotations.NullMarked;
