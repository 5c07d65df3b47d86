/** Keeps what was learned of recipients over a restart. It is only a memory: lost or damaged, it is made anew. */
@NullMarked
package org.understudy.spool.recipients.storage;

import org.jspecify.annotations.NullMarked;
