/**
 * The server side of SMTP. SubEtha SMTP accepts connections; everything that is said is ours, because its commands accept what
 * RFC 5321 refuses, execute content as commands in places, and cut transactions on shutdown.
 *
 * <p>{@link org.understudy.spool.reception.SubEthaListener} is the only class that knows SubEtha. Each session lives on an
 * {@link org.understudy.spool.reception.EventLoop}: its {@link org.understudy.spool.reception.Connection} has the octets, its
 * {@link org.understudy.spool.reception.Conversation} what is said, and its {@link org.understudy.spool.reception.Lifetime} the
 * deadlines, which alone other threads may touch.
 */
@NullMarked
package org.understudy.spool.reception;

import org.jspecify.annotations.NullMarked;
