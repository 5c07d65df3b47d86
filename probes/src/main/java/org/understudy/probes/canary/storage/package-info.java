/** The ledger of canaries in SQLite, the only place of the canaries that speaks SQL. Times are milliseconds since 1970. */
@NullMarked
package org.understudy.probes.canary.storage;

import org.jspecify.annotations.NullMarked;
