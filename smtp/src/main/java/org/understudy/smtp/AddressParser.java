package org.understudy.smtp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reader of paths and their parameters by the grammar of RFC 5321 section 4.1.2, with the additions of RFC 6531 section 3.3.
 *
 * <p>Each static method reads one text. An instance is a cursor over that text, confined to one thread. Positions in
 * messages count characters from 1.
 */
final class AddressParser {

    // RFC 5321 section 4.5.3.1.2
    private static final int MAX_DOMAIN_OCTETS = 255;
    // RFC 5321 section 4.5.3.1.3, which counts the angle brackets; a source route is not counted, since it is dropped.
    private static final int MAX_PATH_OCTETS = 256;

    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";
    /** Not by String.equalsIgnoreCase, to which U+017F is an S. */
    private static final Pattern POSTMASTER = Pattern.compile("postmaster", Pattern.CASE_INSENSITIVE);

    private final String text;
    private int at;

    private AddressParser(String text) throws SmtpSyntaxException {
        AddressCharacters.requireClean(text);
        this.text = text;
    }

    static Mailbox mailbox(String text) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(text);
        Mailbox mailbox = parser.readMailbox();
        if (!parser.atEnd()) {
            throw parser.unexpected("after the address");
        }
        return mailbox;
    }

    static PathCommand.Mail mail(String argument) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(argument);
        parser.readKeyword("FROM:");
        ReversePath path = parser.readReversePath();
        return new PathCommand.Mail(path, parser.readParameters());
    }

    static Recipient rcpt(String argument) throws SmtpSyntaxException {
        AddressParser parser = new AddressParser(argument);
        parser.readKeyword("TO:");
        ForwardPath path = parser.readForwardPath();
        return new Recipient(path, parser.readParameters());
    }

    private void readKeyword(String keyword) throws SmtpSyntaxException {
        if (!text.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new SmtpSyntaxException("expected " + keyword + "<address>");
        }
        at = keyword.length();
        if (peek() == ' ') {
            at++;
        }
    }

    private ReversePath readReversePath() throws SmtpSyntaxException {
        open();
        if (peek() == '>') {
            at++;
            return ReversePath.NULL;
        }
        skipSourceRoute();
        Mailbox mailbox = readMailbox();
        close();
        return ReversePath.of(mailbox);
    }

    private ForwardPath readForwardPath() throws SmtpSyntaxException {
        open();
        if (peek() == '>') {
            throw new SmtpSyntaxException("a recipient must not be empty");
        }
        // RFC 5321 section 4.1.1.3: postmaster needs no domain, and its case does not matter.
        String asWritten = text.substring(at, Math.max(at, text.indexOf('>', at)));
        if (POSTMASTER.matcher(asWritten).matches()) {
            at += asWritten.length() + 1;
            return new ForwardPath(asWritten, Optional.empty());
        }
        skipSourceRoute();
        Mailbox mailbox = readMailbox();
        close();
        return ForwardPath.of(mailbox);
    }

    private void open() throws SmtpSyntaxException {
        if (peek() != '<') {
            throw new SmtpSyntaxException("the address must stand in angle brackets, like <jo@example.org>");
        }
        at++;
    }

    private void close() throws SmtpSyntaxException {
        if (atEnd()) {
            throw new SmtpSyntaxException("the closing angle bracket is missing");
        }
        if (peek() != '>') {
            throw unexpected("before the closing angle bracket");
        }
        at++;
    }

    /** RFC 5321 appendix C: a source route must be accepted and should be ignored. */
    private void skipSourceRoute() throws SmtpSyntaxException {
        boolean goesOn = peek() == '@';
        if (!goesOn) {
            return;
        }
        while (goesOn) {
            if (peek() != '@') {
                throw unexpected("in the source route");
            }
            at++;
            readDomainName();
            goesOn = peek() == ',';
            at += goesOn ? 1 : 0;
        }
        if (peek() != ':') {
            throw new SmtpSyntaxException("the source route must end with a colon");
        }
        at++;
    }

    private Mailbox readMailbox() throws SmtpSyntaxException {
        int start = at;
        String localPart = peek() == '"' ? readQuotedString() : readDotString();
        // RFC 5321 section 4.5.3.1.1 has 64 octets, but bounce addresses with tokens are longer, and the final host may
        // take
        // them: only the path as a whole is limited.
        if (atEnd() || peek() == '>') {
            throw new SmtpSyntaxException("the address has no @ and domain");
        }
        if (peek() != '@') {
            throw unexpected("in the local part");
        }
        at++;
        String domain = peek() == '[' ? readAddressLiteral() : readDomainName();
        if (octets(text.substring(start, at)) + 2 > MAX_PATH_OCTETS) {
            throw new SmtpSyntaxException("the path is longer than " + MAX_PATH_OCTETS + " octets");
        }
        return new Mailbox(localPart, domain);
    }

    private String readDotString() throws SmtpSyntaxException {
        int start = at;
        while (!atEnd() && (isAtext(peek()) || peek() == '.')) {
            at++;
        }
        String local = text.substring(start, at);
        if (local.isEmpty() && (atEnd() || peek() == '@' || peek() == '>')) {
            throw new SmtpSyntaxException("the local part is empty");
        }
        if (local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            throw new SmtpSyntaxException("misplaced dot in the local part");
        }
        return local;
    }

    private String readQuotedString() throws SmtpSyntaxException {
        int start = at++;
        while (!atEnd() && peek() != '"') {
            if (peek() == '\\') {
                at++;
                // RFC 6531 section 3.3 extends qtextSMTP but not quoted-pairSMTP.
                if (!atEnd() && peek() >= 0x80) {
                    throw unexpected("after a backslash");
                }
            }
            at++;
        }
        if (at >= text.length()) {
            throw new SmtpSyntaxException("the closing quotation mark of the local part is missing");
        }
        at++;
        return text.substring(start, at);
    }

    /** A domain name: RFC 5321 section 2.3.5, and U-labels by RFC 6531 section 3.3. */
    private String readDomainName() throws SmtpSyntaxException {
        int start = at;
        while (!atEnd() && AddressCharacters.isDomainCharacter(peek())) {
            at++;
        }
        String domain = text.substring(start, at);
        if (domain.isEmpty()) {
            throw new SmtpSyntaxException("the domain is empty");
        }
        if (octets(domain) > MAX_DOMAIN_OCTETS) {
            throw new SmtpSyntaxException("the domain is longer than " + MAX_DOMAIN_OCTETS + " octets");
        }
        if (!AddressCharacters.isDomainName(domain)) {
            throw new SmtpSyntaxException("\"" + domain + "\" is not a domain name");
        }
        return domain;
    }

    private String readAddressLiteral() throws SmtpSyntaxException {
        int end = text.indexOf(']', at);
        if (end < 0) {
            throw new SmtpSyntaxException("the closing bracket of the address literal is missing");
        }
        String literal = text.substring(at, end + 1);
        if (!AddressCharacters.isAddressLiteral(literal)) {
            throw new SmtpSyntaxException("the address literal is neither [1.2.3.4] nor [IPv6:...]");
        }
        at = end + 1;
        return literal;
    }

    private EsmtpParameters readParameters() throws SmtpSyntaxException {
        Map<String, String> values = new LinkedHashMap<>();
        while (!atEnd()) {
            if (peek() != ' ') {
                throw unexpected("after the address");
            }
            // More than one space, and spaces at the end, are sent by old clients and mean nothing else.
            while (peek() == ' ') {
                at++;
            }
            if (!atEnd()) {
                readParameter(values);
            }
        }
        return values.isEmpty() ? EsmtpParameters.NONE : new EsmtpParameters(values);
    }

    /** RFC 5321 section 4.1.1.11. */
    private void readParameter(Map<String, String> values) throws SmtpSyntaxException {
        int end = text.indexOf(' ', at);
        String parameter = text.substring(at, end < 0 ? text.length() : end);
        int equals = parameter.indexOf('=');
        String keyword = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        if (!AddressCharacters.isKeyword(keyword)) {
            throw new SmtpSyntaxException("\"" + keyword + "\" is not a parameter keyword");
        }
        if (equals >= 0 && (value.isEmpty() || value.indexOf('=') >= 0)) {
            throw new SmtpSyntaxException("the value of parameter " + keyword + " is empty or contains =");
        }
        if (values.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
            throw new SmtpSyntaxException("parameter " + keyword + " is given twice");
        }
        at += parameter.length();
    }

    private boolean atEnd() {
        return at >= text.length();
    }

    /** The current character; NUL, which no text read here contains, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private SmtpSyntaxException unexpected(String where) {
        if (atEnd()) {
            return new SmtpSyntaxException("unexpected end " + where);
        }
        return new SmtpSyntaxException("unexpected \"" + Character.toString(text.codePointAt(at)) + "\" " + where
                + " (position " + (at + 1) + ")");
    }

    private static boolean isAtext(char c) {
        return AddressCharacters.isLetterOrDigit(c) || ATEXT_SPECIALS.indexOf(c) >= 0 || c >= 0x80;
    }

    private static int octets(String s) {
        return s.getBytes(StandardCharsets.UTF_8).length;
    }
}
