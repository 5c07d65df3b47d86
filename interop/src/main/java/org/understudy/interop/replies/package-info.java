/** What becomes of mail when real servers give the replies that decide about it. */
@NullMarked
package org.understudy.interop.replies;

import org.jspecify.annotations.NullMarked;
