package org.understudy.agent.schedule;

import java.time.Duration;
import org.understudy.probes.Probe;

/**
 * A probe and its rhythm.
 *
 * @param interval from start to start, before jitter
 * @param allowance how long one run may take
 */
public record ScheduledProbe(Probe probe, Duration interval, Duration allowance) {}
