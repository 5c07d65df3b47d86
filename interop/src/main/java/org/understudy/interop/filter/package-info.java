/** Mail that rspamd is asked about before the spool takes it. */
@NullMarked
package org.understudy.interop.filter;

import org.jspecify.annotations.NullMarked;
