package org.understudy.spool.reception;

import java.util.Optional;

/**
 * The argument of BDAT (RFC 3030 section 2): {@code chunk-size [ SP "LAST" ]}.
 *
 * @param size octets that follow the command
 * @param last true if no chunk comes after this one
 * @param wellFormed false if something else stands behind the size; the octets follow all the same
 */
record Chunk(long size, boolean last, boolean wellFormed) {
    /** As many as surely fit a long; a chunk that large does not end in anybody's lifetime. */
    private static final int MAX_DIGITS = 18;

    /** Empty if the size cannot be read, so that nobody knows where the next command begins. */
    static Optional<Chunk> parse(String argument) {
        int end = 0;
        while (end < argument.length() && argument.charAt(end) >= '0' && argument.charAt(end) <= '9') {
            end++;
        }
        if (end == 0 || end > MAX_DIGITS || (end < argument.length() && argument.charAt(end) != ' ')) {
            return Optional.empty();
        }
        long size = Long.parseLong(argument.substring(0, end));
        String rest = CommandLine.upperCase(argument.substring(end).trim());
        boolean last = rest.equals("LAST");
        return Optional.of(new Chunk(size, last, last || rest.isEmpty()));
    }
}
