package org.understudy.spool.filtering;

/**
 * What one who was asked says of a message.
 *
 * @param words what it was, for people
 */
record Opinion(Kind kind, String words) {
    enum Kind {
        CLEAN,
        SUSPICIOUS,
        /** Says nothing: not there, too slow, or not able to. */
        NONE
    }

    static Opinion clean(String words) {
        return new Opinion(Kind.CLEAN, words);
    }

    static Opinion suspicious(String words) {
        return new Opinion(Kind.SUSPICIOUS, words);
    }

    static Opinion none(String words) {
        return new Opinion(Kind.NONE, words);
    }
}
