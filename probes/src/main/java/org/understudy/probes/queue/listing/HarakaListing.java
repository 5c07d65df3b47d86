package org.understudy.probes.queue.listing;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.probes.queue.Lines;

/**
 * What {@code haraka -c DIRECTORY --qlist} prints: a line for each file in its queue, which is a message to one domain. The file's
 * name says when the message came and when it is to be tried next. Sizes, recipients and reasons are not said, so that canaries are
 * known by their sender alone. Modules of Haraka print lines of their own, which are left out. Immutable.
 */
final class HarakaListing implements Listing {
    private static final String WHAT = "listing of haraka --qlist";
    private static final String MESSAGE = "Q: ";
    /** What --qstat prints looks like nothing at all otherwise, and would be taken for an empty queue. */
    private static final String STATISTICS = "queue_dir:";

    private static final Pattern LINE =
            Pattern.compile("Q: (\\S{1,512}+) rcpt:(\\d{1,9}+) from:(.*) domain:(\\S{0,512}+)");
    /** Arrival, next attempt, attempts, process, id, counter, host. */
    private static final Pattern FILE = Pattern.compile("(\\d{1,14})_(\\d{1,14})_\\d+_\\d+_[^_]+_\\d+_[^_]+");
    /** As it was formerly: next attempt, attempts, process, id and host. */
    private static final Pattern OLD_FILE = Pattern.compile("(\\d{1,14})_\\d+_\\d+_\\d+\\..+");

    @Override
    public void read(InputStream in, Tally tally) throws IOException {
        Lines lines = new Lines(in, LONGEST);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.startsWith(MESSAGE)) {
                message(line, tally);
            } else if (line.contains(STATISTICS)) {
                throw Listing.unlike(WHAT, line);
            }
        }
    }

    private static void message(String line, Tally tally) throws IOException {
        Matcher message = LINE.matcher(line);
        if (!message.matches()) {
            throw Listing.unlike(WHAT, line);
        }
        tally.begin();
        String file = message.group(1);
        if (!times(file, tally)) {
            throw Listing.unlike(WHAT, file);
        }
        tally.sender(withoutBrackets(message.group(3)));
        tally.recipientDomain(message.group(4));
        tally.end();
    }

    private static boolean times(String file, Tally tally) {
        Matcher name = FILE.matcher(file);
        Matcher old = OLD_FILE.matcher(file);
        if (name.matches()) {
            tally.arrival(time(name.group(1)));
            tally.due(time(name.group(2)));
            return true;
        }
        if (old.matches()) {
            tally.due(time(old.group(1)));
            return true;
        }
        return false;
    }

    private static Instant time(String milliseconds) {
        return Instant.ofEpochMilli(Long.parseLong(milliseconds));
    }

    private static String withoutBrackets(String path) {
        return path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
    }
}
