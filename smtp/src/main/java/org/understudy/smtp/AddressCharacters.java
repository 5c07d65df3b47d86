package org.understudy.smtp;

import java.util.Locale;
import java.util.regex.Pattern;

/** What single elements of an address may consist of. Stateless. */
final class AddressCharacters {

    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
    // RFC 5321 section 4.1.3
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6_GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
    private static final String IPV6_TAG = "ipv6:";
    private static final int IPV6_GROUPS = 8;
    // IDNA takes these for full stops (RFC 3490 section 3.1), SMTP does not.
    private static final String FOREIGN_DOTS = "\u3002\uFF0E\uFF61";

    private AddressCharacters() {}

    /** Refuses what can be part of no command: control characters, line separators, text that was not valid UTF-8. */
    static void requireClean(String text) throws SmtpSyntaxException {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            int type = Character.getType(c);
            if (type == Character.CONTROL
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                throw new SmtpSyntaxException("control character at position " + (i + 1));
            }
            if (type == Character.SURROGATE || c == 0xFFFD) {
                throw new SmtpSyntaxException("not valid UTF-8 at position " + (i + 1));
            }
        }
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    static boolean isKeyword(String text) {
        return KEYWORD.matcher(text).matches();
    }

    static boolean isDomainCharacter(char c) {
        return isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || (c >= 0x80 && FOREIGN_DOTS.indexOf(c) < 0);
    }

    /** True if the text is a domain name without a final dot, which {@link DomainName} can compare. */
    static boolean isDomainName(String text) {
        if (text.endsWith(".")) {
            return false;
        }
        try {
            // Compatibility mapping makes a dot of some characters (U+2488 becomes "1."); that would be another name.
            return labels(DomainName.parse(text).text()) == labels(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static long labels(String domain) {
        return domain.chars().filter(c -> c == '.').count();
    }

    /** True for {@code [192.0.2.1]} and {@code [IPv6:2001:db8::1]}. */
    static boolean isAddressLiteral(String literal) {
        String inner = literal.substring(1, literal.length() - 1);
        if (inner.toLowerCase(Locale.ROOT).startsWith(IPV6_TAG)) {
            return isIpv6(inner.substring(IPV6_TAG.length()));
        }
        return isIpv4(inner);
    }

    private static boolean isIpv4(String text) {
        var matcher = IPV4.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        for (int i = 1; i <= matcher.groupCount(); i++) {
            if (Integer.parseInt(matcher.group(i)) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == IPV6_GROUPS;
        }
        int before = groups(text.substring(0, gap), false);
        int after = groups(text.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after < IPV6_GROUPS;
    }

    /** Number of 16-bit groups, or -1 if the text is none; an IPv4 address at the end counts for two. */
    private static int groups(String text, boolean ipv4AtEnd) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int last = parts.length - 1;
        boolean endsWithIpv4 = ipv4AtEnd && isIpv4(parts[last]);
        for (int i = 0; i < (endsWithIpv4 ? last : parts.length); i++) {
            if (!IPV6_GROUP.matcher(parts[i]).matches()) {
                return -1;
            }
        }
        return parts.length + (endsWithIpv4 ? 1 : 0);
    }
}
