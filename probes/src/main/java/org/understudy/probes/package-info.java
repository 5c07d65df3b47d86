/**
 * What is true of a mail domain now. A {@link org.understudy.probes.Probe} looks once and says what it saw:
 * {@link org.understudy.probes.Outcome#OK}, {@link org.understudy.probes.Outcome#FINDING},
 * {@link org.understudy.probes.Outcome#UNKNOWN} when the fault may be ours, or
 * {@link org.understudy.probes.Outcome#SKIPPED} when there was nothing to look at.
 *
 * <p>A probe never throws and never schedules itself. Findings are identified by {@link org.understudy.probes.FindingType},
 * whose ids are stable for ever; {@code docs/checks.md} has a section for each.
 */
@NullMarked
package org.understudy.probes;

import org.jspecify.annotations.NullMarked;
