/**
 * The backup MX: takes mail in, keeps it, hands it on.
 *
 * <p>The path of a message: {@link org.understudy.spool.SmtpReceiver} reads a transaction and streams it into a
 * {@link org.understudy.spool.MessageDraft}; {@link org.understudy.spool.MessageDraft#commit()} returns
 * {@link org.understudy.spool.CommitResult#STORED} only when it is on stable storage, and only then is it answered 250; a
 * lane per next hop forwards it and records what became of each recipient.
 *
 * <p>Invariants: what was answered 250 is never lost; a local failure is answered 4yz, never 5yz; bytes in are bytes out,
 * below one trace field of ours; next hops are configured, never looked up in the MX records that name us.
 */
@NullMarked
package org.understudy.spool;

import org.jspecify.annotations.NullMarked;
