/**
 * The server side of SMTP. SubEtha SMTP accepts connections and gives each a thread; everything that is said is ours, because
 * its commands accept what RFC 5321 refuses, execute content as commands in places, and cut transactions on shutdown.
 *
 * <p>{@link org.understudy.spool.reception.SubEthaListener} is the only class that knows SubEtha. A
 * {@link org.understudy.spool.reception.Conversation} is one session, confined to its thread except for being ended by a drain.
 */
@NullMarked
package org.understudy.spool.reception;

import org.jspecify.annotations.NullMarked;
