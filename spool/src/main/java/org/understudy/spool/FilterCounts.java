package org.understudy.spool;

/**
 * Messages since start, by what the filters made of them.
 *
 * @param clean taken: nobody had anything against them
 * @param deferred suspicious while the primary was up: answered 451
 * @param marked suspicious while it was not: taken with a mark
 * @param unchecked taken although somebody who was asked had no answer, or they were too large
 */
public record FilterCounts(long clean, long deferred, long marked, long unchecked) {
    /** Of a spool without filters. */
    public static final FilterCounts NONE = new FilterCounts(0, 0, 0, 0);
}
