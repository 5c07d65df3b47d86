/**
 * Notices to senders: delivery status notifications by RFC 3461, 3464, 6522 and 6533, who may get one, and the way out for them. A
 * notice always has the null reverse-path.
 */
@NullMarked
package org.understudy.spool.dsn;

import org.jspecify.annotations.NullMarked;
