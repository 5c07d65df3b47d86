/**
 * No 250 before the syncs. A spool under load is recorded call by call, and for every 250 that left, the recording is searched
 * for the writes that hold the message and for syncs that cover them.
 */
@NullMarked
package org.understudy.interop.order;

import org.jspecify.annotations.NullMarked;
