package org.understudy.smtp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reader of paths and their parameters, by the grammar of RFC 5321 section 4.1.2 with the extensions of RFC 6531 section
 * 3.3. A cursor over one text; confined to one thread.
 */
final class AddressParser {
    // RFC 5321 section 4.5.3.1
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 255;
    private static final int MAX_PATH = 256;
    private static final int MAX_PARAMETERS = 20;
    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private final String text;
    private int at;

    private AddressParser(String text) {
        this.text = text;
    }

    static Mailbox mailbox(String text) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(text);
        Mailbox mailbox = parser.readMailbox();
        parser.requireEnd("after the address");
        return mailbox;
    }

    static PathCommand.Mail mail(String argument) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(argument);
        parser.keyword("FROM:");
        parser.expect('<');
        ReversePath path;
        if (parser.peek() == '>') {
            path = ReversePath.NULL;
        } else {
            parser.skipSourceRoute();
            path = ReversePath.of(parser.readMailbox());
        }
        parser.expect('>');
        return new PathCommand.Mail(path, parser.parameters());
    }

    static Recipient rcpt(String argument) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(argument);
        parser.keyword("TO:");
        parser.expect('<');
        ForwardPath path;
        // RFC 5321 section 4.1.1.3: <Postmaster> stands without a domain.
        if (parser.text.regionMatches(true, parser.at, "postmaster>", 0, "postmaster>".length())) {
            path = new ForwardPath(
                    parser.text.substring(parser.at, parser.at + "postmaster".length()), Optional.empty());
            parser.at += "postmaster".length();
        } else {
            parser.skipSourceRoute();
            path = ForwardPath.of(parser.readMailbox());
        }
        parser.expect('>');
        return new Recipient(path, parser.parameters());
    }

    private void keyword(String keyword) throws SmtpSyntaxException {
        if (!text.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new SmtpSyntaxException("expected " + keyword + "<address>");
        }
        at = keyword.length();
        if (peek() == ' ') {
            at++;
        }
    }

    /** RFC 5321 appendix C: a source route is accepted and ignored. */
    private void skipSourceRoute() throws SmtpSyntaxException {
        if (peek() != '@') {
            return;
        }
        int colon = text.indexOf(':', at);
        if (colon < 0) {
            throw new SmtpSyntaxException("a source route must end in a colon");
        }
        for (String hop : text.substring(at, colon).split(",", -1)) {
            if (!hop.startsWith("@") || !isDomain(hop.substring(1))) {
                throw new SmtpSyntaxException("bad source route");
            }
        }
        at = colon + 1;
    }

    private Mailbox readMailbox() throws SmtpSyntaxException {
        int start = at;
        String localPart = peek() == '"' ? quotedString() : dotString();
        if (octets(localPart) > MAX_LOCAL_PART) {
            throw new SmtpSyntaxException("the local part is longer than 64 octets");
        }
        expect('@');
        String domain = peek() == '[' ? addressLiteral() : domain();
        if (octets(text.substring(start, at)) > MAX_PATH) {
            throw new SmtpSyntaxException("the address is longer than 256 octets");
        }
        return new Mailbox(localPart, domain);
    }

    private String dotString() throws SmtpSyntaxException {
        int start = at;
        boolean atomBegins = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.' && !atomBegins) {
                atomBegins = true;
            } else if (isAtext(c)) {
                atomBegins = false;
            } else {
                break;
            }
            at++;
        }
        if (at == start || atomBegins) {
            throw new SmtpSyntaxException("bad local part");
        }
        return text.substring(start, at);
    }

    private String quotedString() throws SmtpSyntaxException {
        int start = at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return text.substring(start, at);
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            if (c < ' ' || c == 0x7f) {
                break;
            }
        }
        throw new SmtpSyntaxException("bad quoted local part");
    }

    private String addressLiteral() throws SmtpSyntaxException {
        int end = text.indexOf(']', at);
        if (end < 0) {
            throw new SmtpSyntaxException("an address literal must end in ]");
        }
        String literal = text.substring(at, end + 1);
        String inner = text.substring(at + 1, end);
        boolean v6 = inner.regionMatches(true, 0, "IPv6:", 0, 5);
        if (!(v6 ? inner.substring(5).matches("[0-9A-Fa-f:.]{2,45}") : inner.matches("\\d{1,3}(\\.\\d{1,3}){3}"))) {
            throw new SmtpSyntaxException("bad address literal");
        }
        at = end + 1;
        return literal;
    }

    private String domain() throws SmtpSyntaxException {
        int start = at;
        while (at < text.length() && text.charAt(at) != '>' && text.charAt(at) != ' ') {
            at++;
        }
        String domain = text.substring(start, at);
        if (octets(domain) > MAX_DOMAIN || domain.endsWith(".") || !isDomain(domain)) {
            throw new SmtpSyntaxException("bad domain");
        }
        return domain;
    }

    private static boolean isDomain(String domain) {
        try {
            DomainName.parse(domain);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private EsmtpParameters parameters() throws SmtpSyntaxException {
        Map<String, String> values = new LinkedHashMap<>();
        String rest = text.substring(at).stripTrailing();
        if (rest.isEmpty()) {
            return EsmtpParameters.NONE;
        }
        if (!rest.startsWith(" ")) {
            throw new SmtpSyntaxException("expected a space after the address");
        }
        for (String parameter : rest.strip().split(" +", -1)) {
            int equals = parameter.indexOf('=');
            String keyword = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            // RFC 5321 section 4.1.2: esmtp-keyword and esmtp-value
            if (!keyword.matches("[A-Za-z0-9][A-Za-z0-9-]*") || (equals >= 0 && !isValue(value))) {
                throw new SmtpSyntaxException("bad parameter");
            }
            if (values.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
                throw new SmtpSyntaxException("parameter " + keyword.toUpperCase(Locale.ROOT) + " given twice");
            }
            if (values.size() > MAX_PARAMETERS) {
                throw new SmtpSyntaxException("too many parameters");
            }
        }
        return new EsmtpParameters(values);
    }

    private static boolean isValue(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '=' && c != 0x7f);
    }

    private static boolean isAtext(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ATEXT_SPECIALS.indexOf(c) >= 0
                || c > 0x9f;
    }

    private static int octets(String s) {
        return s.getBytes(StandardCharsets.UTF_8).length;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char c) throws SmtpSyntaxException {
        if (peek() != c || at >= text.length()) {
            throw new SmtpSyntaxException("expected " + c);
        }
        at++;
    }

    private void requireEnd(String where) throws SmtpSyntaxException {
        if (at < text.length()) {
            throw new SmtpSyntaxException("unexpected text " + where);
        }
    }
}
