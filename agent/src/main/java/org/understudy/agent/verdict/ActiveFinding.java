package org.understudy.agent.verdict;

import org.understudy.probes.Finding;

/**
 * A finding of the newest results.
 *
 * @param confirmed true once it was seen often enough for its alert to fire
 */
public record ActiveFinding(Finding finding, boolean confirmed) {}
