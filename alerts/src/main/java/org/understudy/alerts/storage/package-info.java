/** Keeps alerts, outbox and channel health in SQLite, the only place that speaks SQL. Times are milliseconds since 1970. */
@NullMarked
package org.understudy.alerts.storage;

import org.jspecify.annotations.NullMarked;
