package org.understudy.smtp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names a client to a server that offers XCLIENT, as XCLIENT_README of Postfix describes it, and greets again in the client's
 * place. Used once, by one thread.
 *
 * <p>Nothing is pipelined: the server goes back to its greeting, and what it offers from there on is another matter.
 */
final class Introduction {
    private static final String UNAVAILABLE = "[UNAVAILABLE]";
    private static final int MOST_VALUE_OCTETS = 255;
    // RFC 5321 section 4.5.3.1.4, without CRLF.
    private static final int MOST_COMMAND_OCTETS = 510;
    /** A name or an address literal. */
    private static final Pattern HELO_NAME = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");

    private final Conversation conversation;
    private final SmtpTimeouts timeouts;
    private final String ourName;
    private final ClientIdentity client;
    private Capabilities capabilities = Capabilities.NONE;

    Introduction(Conversation conversation, SmtpTimeouts timeouts, String ourName, ClientIdentity client) {
        this.conversation = conversation;
        this.timeouts = timeouts;
        this.ourName = ourName;
        this.client = client;
    }

    /** True if a server takes what matters most of a client: its address. */
    static boolean isPossible(Capabilities offered) {
        return attributes(offered).contains("ADDR");
    }

    /** Empty if the server takes us for the client now; otherwise nobody knows for whom it takes us. */
    Optional<SmtpFailure> make(Capabilities offered) {
        try {
            for (String command : commands(attributes(offered))) {
                Reply reply = conversation.exchange(SmtpStage.XCLIENT, command, timeouts.ehlo());
                if (!reply.isPositive()) {
                    return Optional.of(SmtpFailure.of(SmtpStage.XCLIENT, reply));
                }
            }
            // The client's own words where they are a name: the server judges them as if it had heard them itself.
            boolean proper = HELO_NAME.matcher(client.heloName()).matches();
            Reply reply = conversation.exchange(
                    SmtpStage.XCLIENT, "EHLO " + (proper ? client.heloName() : ourName), timeouts.ehlo());
            if (!reply.isPositive()) {
                return Optional.of(SmtpFailure.of(SmtpStage.XCLIENT, reply));
            }
            capabilities = Capabilities.of(reply);
            return Optional.empty();
        } catch (SessionBrokenException e) {
            return Optional.of(e.failure());
        }
    }

    /** What the server offers the client. */
    Capabilities capabilities() {
        return capabilities;
    }

    private static Set<String> attributes(Capabilities offered) {
        return Set.copyOf(Arrays.asList(offered.parameters("XCLIENT")
                .orElse("")
                .toUpperCase(Locale.ROOT)
                .split(" +")));
    }

    /** The address comes last: with it the right to name a client may end. */
    private List<String> commands(Set<String> offered) {
        List<String> pairs = new ArrayList<>();
        add(pairs, offered, "HELO", Optional.of(client.heloName()));
        add(pairs, offered, "PROTO", Optional.of(client.extended() ? "ESMTP" : "SMTP"));
        // What is left out would be taken to be ours.
        add(pairs, offered, "PORT", Optional.empty());
        add(pairs, offered, "NAME", client.name());
        add(pairs, offered, "REVERSE_NAME", client.name());
        add(pairs, offered, "ADDR", Optional.of(address(client.address())));
        List<String> commands = new ArrayList<>();
        StringBuilder command = new StringBuilder("XCLIENT");
        for (String pair : pairs) {
            if (command.length() + 1 + pair.length() > MOST_COMMAND_OCTETS) {
                commands.add(command.toString());
                command = new StringBuilder("XCLIENT");
            }
            command.append(' ').append(pair);
        }
        commands.add(command.toString());
        return commands;
    }

    private static void add(List<String> pairs, Set<String> offered, String attribute, Optional<String> value) {
        if (offered.contains(attribute)) {
            String encoded = value.map(Introduction::xtext)
                    .filter(v -> !v.isEmpty() && v.length() <= MOST_VALUE_OCTETS)
                    .orElse(UNAVAILABLE);
            pairs.add(attribute + "=" + encoded);
        }
    }

    private static String address(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String literal = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? "IPV6:" + literal : literal;
    }

    /** RFC 3461 section 4. */
    private static String xtext(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet > ' ' && octet < 0x7f && octet != '+' && octet != '=';
            if (plain) {
                encoded.append((char) octet);
            } else {
                encoded.append('+').append(String.format(Locale.ROOT, "%02X", octet & 0xff));
            }
        }
        return encoded.toString();
    }
}
