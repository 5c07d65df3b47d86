/** Decides: what a report does to an alert, and which channels are to be told. Knows no thread and no network. */
@NullMarked
package org.understudy.alerts.engine;

import org.jspecify.annotations.NullMarked;
