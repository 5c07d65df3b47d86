/**
 * Queues as other mail servers list them. A program is run, and what it prints is read while it comes: a queue of a million messages
 * takes no more memory than an empty one.
 */
@NullMarked
package org.understudy.probes.queue.listing;

import org.jspecify.annotations.NullMarked;
