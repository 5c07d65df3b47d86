/**
 * The wire: what SMTP says and how it is said. Parsed values ({@link org.understudy.smtp.Mailbox},
 * {@link org.understudy.smtp.ReversePath}, {@link org.understudy.smtp.Envelope}, {@link org.understudy.smtp.Reply}) and one
 * blocking client ({@link org.understudy.smtp.SmtpSession}) that probes and the spool's forwarder share.
 *
 * <p>All values are immutable. A session is confined to one thread. Nothing here does I/O except the sockets of a session.
 */
@NullMarked
package org.understudy.smtp;

import org.jspecify.annotations.NullMarked;
