/**
 * Power loss at every sync point of a store. A workload is recorded call by call; a model of the disk replays the recording,
 * knows at each place what is certain to be on the disk and what only may be, and writes out what a machine could find after the
 * power came back. Each such state is opened as a start of the spool would open it, and held against what the workload had been
 * promised up to there.
 */
@NullMarked
package org.understudy.interop.power;

import org.jspecify.annotations.NullMarked;
