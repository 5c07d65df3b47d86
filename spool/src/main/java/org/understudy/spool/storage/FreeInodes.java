package org.understudy.spool.storage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many more files a file system can hold.
 *
 * @param free inodes not in use
 * @param total inodes there are
 */
record FreeInodes(long free, long total) {
    private static final Pattern TWO_NUMBERS = Pattern.compile("(\\d{1,18}) (\\d{1,18})");
    private static final long LEAST = 1_000;
    private static final long SHARE_OF_TOTAL = 100;

    /**
     * From what {@code stat -f -c '%d %c'} says.
     *
     * @return empty if it says nothing of use: btrfs and others make inodes as they need them and call their total 0
     */
    static Optional<FreeInodes> parse(String said) {
        Matcher numbers = TWO_NUMBERS.matcher(said.strip());
        if (!numbers.matches()) {
            return Optional.empty();
        }
        FreeInodes inodes = new FreeInodes(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
        return inodes.total == 0 ? Optional.empty() : Optional.of(inodes);
    }

    /** So many must stay free. */
    long reserve() {
        return Math.max(LEAST, total / SHARE_OF_TOTAL);
    }

    /** Whether there are enough, for a gate that is open or closed: it opens a tenth above where it closes. */
    boolean suffice(boolean open) {
        return free >= (open ? reserve() : reserve() + reserve() / 10);
    }
}
