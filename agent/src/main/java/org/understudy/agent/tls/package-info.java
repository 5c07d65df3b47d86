/** The certificate that the spool shows after STARTTLS. */
@NullMarked
package org.understudy.agent.tls;

import org.jspecify.annotations.NullMarked;
