/**
 * The answer to the one question: if the primary died now, would the mail survive? A pure function from evidence and its
 * age to a verdict and the sentences that carry it.
 */
@NullMarked
package org.understudy.agent.verdict;

import org.jspecify.annotations.NullMarked;
