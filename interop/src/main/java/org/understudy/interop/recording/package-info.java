/** What strace wrote down of a process, read back as calls that begin and end in an order. */
@NullMarked
package org.understudy.interop.recording;

import org.jspecify.annotations.NullMarked;
