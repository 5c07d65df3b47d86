package org.understudy.agent.verdict;

import java.util.List;

/**
 * A verdict with its reasons.
 *
 * @param sentence one sentence that a person can be woken with
 * @param evidence the chain behind it, decisive links first
 */
public record DomainVerdict(Verdict verdict, String sentence, List<Evidence> evidence) {
    public DomainVerdict {
        evidence = List.copyOf(evidence);
    }
}
