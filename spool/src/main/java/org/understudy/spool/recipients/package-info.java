/**
 * Who is a recipient. {@link org.understudy.spool.recipients.RecipientDirectory} answers RCPT from a list, from what next hops
 * have said, and by asking them.
 *
 * <p>Refused for good is only what the primary would certainly refuse: what is not on a complete list, and what it has refused
 * itself a short while ago in its normal state. Of everything else it is said whether it is taken or put off.
 */
@NullMarked
package org.understudy.spool.recipients;

import org.jspecify.annotations.NullMarked;
