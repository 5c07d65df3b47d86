/** What Prometheus can scrape from the admin port, under {@code /metrics}. */
@NullMarked
package org.understudy.agent.metrics;

import org.jspecify.annotations.NullMarked;
