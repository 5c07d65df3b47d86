/** What becomes of mail by age alone: it expires, and is kept. Small files beside the store say up to where that was done. */
@NullMarked
package org.understudy.spool.retention;

import org.jspecify.annotations.NullMarked;
