package org.understudy.interop.gauntlet;

/** How a zone is signed. */
enum Signing {
    NONE,
    GOOD,
    /** With hashed names, and insecure delegations left out. */
    GOOD_NSEC3,
    /** A day before the signatures end. */
    EXPIRING,
    /** A day after the signatures have ended. */
    EXPIRED,
    /** That a name or record does not exist is signed wrongly. */
    DENIAL_BROKEN,
    /** Sound, and the parent knows another key. */
    OTHER_KEY_AT_PARENT;

    boolean isSigned() {
        return this != NONE;
    }
}
