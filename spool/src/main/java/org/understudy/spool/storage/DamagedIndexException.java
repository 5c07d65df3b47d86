package org.understudy.spool.storage;

import java.sql.SQLException;

/** The index cannot be believed and has to be made anew from the segments. */
final class DamagedIndexException extends SQLException {
    private static final long serialVersionUID = 1L;

    DamagedIndexException(String message) {
        super(message);
    }
}
