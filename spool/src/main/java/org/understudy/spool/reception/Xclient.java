package org.understudy.spool.reception;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.Network;
import org.understudy.smtp.SmtpSyntaxException;

/**
 * What a trusted client says about the client that it speaks for: the XCLIENT command, as Postfix describes it in
 * XCLIENT_README. Attributes that we make no use of are only checked. Immutable.
 *
 * @param address of the client; empty if it is unavailable or not mentioned
 * @param heloName what it said in EHLO or HELO; empty if it is unavailable or not mentioned
 */
record Xclient(Optional<InetAddress> address, Optional<String> heloName) {
    static final String OFFER = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

    static final Xclient NONE = new Xclient(Optional.empty(), Optional.empty());

    private static final String IPV6_PREFIX = "IPV6:";
    private static final int MAX_VALUE = 255;

    /**
     * Applies a command to what was said before.
     *
     * @param argument everything behind the verb
     * @throws SmtpSyntaxException if it is not a list of attributes that we know
     */
    Xclient and(String argument) throws SmtpSyntaxException {
        if (argument.isEmpty()) {
            throw new SmtpSyntaxException("XCLIENT attribute=value...");
        }
        Xclient result = this;
        for (String attribute : argument.split(" +", -1)) {
            int equals = attribute.indexOf('=');
            if (equals <= 0) {
                throw new SmtpSyntaxException("XCLIENT attribute=value...");
            }
            String name = attribute.substring(0, equals).toUpperCase(Locale.ROOT);
            String value = decode(attribute.substring(equals + 1));
            boolean available = !value.equalsIgnoreCase("[UNAVAILABLE]") && !value.equalsIgnoreCase("[TEMPUNAVAIL]");
            result = result.with(name, available ? Optional.of(value) : Optional.empty());
        }
        return result;
    }

    private Xclient with(String name, Optional<String> value) throws SmtpSyntaxException {
        boolean good = true;
        switch (name) {
            case "ADDR" -> {
                Optional<InetAddress> client = value.flatMap(Xclient::address);
                if (value.isPresent() == client.isPresent()) {
                    return new Xclient(client, heloName);
                }
                good = false;
            }
            case "HELO" -> {
                return new Xclient(address, value);
            }
            case "DESTADDR" -> good = value.isEmpty() || address(value.get()).isPresent();
            case "PORT", "DESTPORT" ->
                good = value.isEmpty() || (value.get().matches("\\d{1,5}") && Integer.parseInt(value.get()) <= 0xffff);
            case "PROTO" ->
                good = value.isEmpty()
                        || value.get().equalsIgnoreCase("SMTP")
                        || value.get().equalsIgnoreCase("ESMTP");
            case "NAME", "LOGIN" -> good = true;
            default -> throw new SmtpSyntaxException("XCLIENT has no attribute " + name);
        }
        if (!good) {
            throw new SmtpSyntaxException("bad value of " + name);
        }
        return this;
    }

    /** An IPv6 address has a prefix, and only that. */
    private static Optional<InetAddress> address(String value) {
        boolean ipv6 = value.regionMatches(true, 0, IPV6_PREFIX, 0, IPV6_PREFIX.length());
        String literal = ipv6 ? value.substring(IPV6_PREFIX.length()) : value;
        return literal.indexOf(':') >= 0 == ipv6 ? Network.parseAddress(literal) : Optional.empty();
    }

    /** xtext (RFC 3461 section 4) into text without control characters. */
    private static String decode(String xtext) throws SmtpSyntaxException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(xtext.length());
        byte[] encoded = xtext.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '+') {
                int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
                int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
                if (low < 0) {
                    throw new SmtpSyntaxException("bad xtext");
                }
                octets.write(16 * high + low);
                i += 2;
            } else {
                octets.write(encoded[i]);
            }
        }
        String text = octets.toString(StandardCharsets.UTF_8);
        if (text.isEmpty() || text.length() > MAX_VALUE || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new SmtpSyntaxException("bad value in XCLIENT");
        }
        return text;
    }
}
