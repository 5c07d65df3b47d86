package org.understudy.spool.forwarding;

import org.understudy.spool.Unit;

/**
 * What an attempt said about one unit.
 *
 * @param words the next hop's, or why there were none
 */
record Fate(Unit unit, ReplyClass why, String words) {
    Fate because(ReplyClass other) {
        return new Fate(unit, other, words);
    }
}
