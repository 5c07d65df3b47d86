/** Whether an exchanger talks SMTP, on each of its addresses. */
@NullMarked
package org.understudy.probes.smtp;

import org.jspecify.annotations.NullMarked;
