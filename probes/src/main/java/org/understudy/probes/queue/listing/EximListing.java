package org.understudy.probes.queue.listing;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.queue.Lines;

/**
 * What {@code exim -bp} and its relatives print: for each message a line with age, size, id and sender, then a line for each
 * recipient, then an empty one. The age is rounded to minutes, hours or days, and the id has the second in it; what is frozen is held.
 * It does not say when mail is to be tried next, nor why it waits. Immutable.
 *
 * @see <a href="https://www.exim.org/exim-html-current/doc/html/spec_html/ch-the_exim_command_line.html">-bp in the specification</a>
 */
final class EximListing implements Listing {
    private static final String WHAT = "listing of exim -bp";
    /** Of either length: ids are longer since Exim 4.97. */
    private static final Pattern MESSAGE = Pattern.compile("\\s{0,6}+(?:(\\d{1,6})([mhd])\\s{1,9}+)?"
            + "(?:(\\d{1,9}+(?:\\.\\d)?)([KM]?)\\s{1,3}+)?"
            + "([0-9A-Za-z]{6}-[0-9A-Za-z]{6}(?:[0-9A-Za-z]{5})?-[0-9A-Za-z]{2}(?:[0-9A-Za-z]{2})?)(?: (.*))?");

    private static final String FROZEN = "*** frozen ***";
    private static final String TROUBLE = "    ***";
    private static final String RECIPIENT = "        ";
    private static final String DELIVERED = "D ";
    private static final String GENERATED = "       +D ";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    @Override
    public void read(InputStream in, Tally tally) throws IOException {
        Lines lines = new Lines(in, LONGEST);
        boolean open = false;
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.isBlank()) {
                open = end(open, tally);
            } else if (line.startsWith(TROUBLE)) {
                tally.unreadable();
            } else if (line.startsWith(RECIPIENT) && open) {
                recipient(line.substring(RECIPIENT.length()), tally);
            } else if (!line.startsWith(GENERATED)) {
                end(open, tally);
                message(line, tally);
                open = true;
            }
        }
        end(open, tally);
    }

    private static boolean end(boolean open, Tally tally) {
        if (open) {
            tally.end();
        }
        return false;
    }

    private static void recipient(String text, Tally tally) {
        if (!text.startsWith(DELIVERED)) {
            tally.recipient(text.strip(), "");
        }
    }

    private static void message(String line, Tally tally) throws IOException {
        Matcher message = MESSAGE.matcher(line);
        if (!message.matches()) {
            throw Listing.unlike(WHAT, line);
        }
        tally.begin();
        Optional.ofNullable(message.group(1))
                .map(number -> arrival(Integer.parseInt(number), message.group(2), message.group(5), tally.now()))
                .ifPresent(tally::arrival);
        tally.size(size(message.group(3), message.group(4)));
        String rest = message.group(6) == null ? "" : message.group(6);
        int end = rest.lastIndexOf('>');
        if (rest.startsWith("<") && end > 0) {
            tally.sender(rest.substring(1, end));
        }
        if (rest.endsWith(FROZEN)) {
            tally.hold();
        }
    }

    /** Nothing is printed for 0. */
    private static long size(@Nullable String number, String unit) {
        if (number == null) {
            return 0;
        }
        double factor = switch (unit) {
            case "K" -> 1024;
            case "M" -> 1024 * 1024;
            default -> 1;
        };
        return Math.round(Double.parseDouble(number) * factor);
    }

    /** By the id, unless the age contradicts it: then it was made in another way, or the clocks differ. */
    private static Instant arrival(int number, String unit, String id, Instant now) {
        Duration age = age(number, unit);
        Instant byId = Instant.ofEpochSecond(seconds(id));
        return Duration.between(byId, now).minus(age).abs().compareTo(rounding(unit)) <= 0 ? byId : now.minus(age);
    }

    private static Duration age(int number, String unit) {
        return switch (unit) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** How far an age of that unit may be from the truth, and a minute more. */
    private static Duration rounding(String unit) {
        return switch (unit) {
            case "m" -> Duration.ofMinutes(2);
            case "h" -> Duration.ofMinutes(32);
            default -> Duration.ofHours(12).plusMinutes(32);
        };
    }

    /** Of base 62, as the first part of an id is where names of files may have both cases. */
    private static long seconds(String id) {
        return id.chars().limit(6).mapToLong(DIGITS::indexOf).reduce(0, (sum, digit) -> sum * 62 + digit);
    }
}
