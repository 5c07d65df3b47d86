/** What servers said to samples, in SQLite: the only place of the samples that speaks SQL. Times are milliseconds since 1970. */
@NullMarked
package org.understudy.probes.content.storage;

import org.jspecify.annotations.NullMarked;
