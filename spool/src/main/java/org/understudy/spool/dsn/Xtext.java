package org.understudy.spool.dsn;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text as parameters of MAIL and RCPT carry it (RFC 3461 section 4). Stateless. */
final class Xtext {
    private static final Pattern ENCODED = Pattern.compile("\\+([0-9A-F]{2})");
    /** RFC 6533 section 3: a character outside US-ASCII where only US-ASCII may stand. */
    private static final Pattern EMBEDDED = Pattern.compile("\\\\x\\{([0-9A-F]{2,6})}");

    private Xtext() {}

    /** The text; as it is, if something would come out that no field may have. */
    static String decode(String xtext) {
        String text = ENCODED.matcher(xtext)
                .replaceAll(m -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1), 16))));
        boolean printable = text.chars().allMatch(c -> c >= ' ' && c != 0x7F && (c < 0x80 || c > 0x9F));
        return printable ? text : xtext;
    }

    /** The same, with embedded characters in UTF-8 as well. */
    static String decodeInternationalized(String xtext) {
        return EMBEDDED.matcher(decode(xtext)).replaceAll(m -> {
            int point = Integer.parseInt(m.group(1), 16);
            boolean character = point >= 0xA0 && Character.isDefined(point);
            return Matcher.quoteReplacement(character ? Character.toString(point) : m.group());
        });
    }
}
