/**
 * Handing mail on. A {@link org.understudy.spool.forwarding.Lane} per next hop takes what is due, oldest first, and offers it;
 * while its next hop is down it costs one cheap probe at a time, and messages cost nothing.
 *
 * <p>What a reply means is decided in {@link org.understudy.spool.forwarding.Judgement}. Doubt is temporary: nothing is bounced
 * here, and what is refused for good is kept until a person decides.
 */
@NullMarked
package org.understudy.spool.forwarding;

import org.jspecify.annotations.NullMarked;
