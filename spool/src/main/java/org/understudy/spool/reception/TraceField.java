package org.understudy.spool.reception;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.understudy.smtp.Envelope;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * The one field we put on top of a message (RFC 5321 section 4.4), in the shape of Postfix, which filters know how to read. No
 * name is looked up: a resolver that hangs would hold up mail.
 */
final class TraceField {
    /** No field is longer: our name, the client's and a path have 256 octets at most. */
    static final int MAX_OCTETS = 2048;

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

    /** To format a date costs as much as all the rest, and the messages of one second share it. */
    private static volatile DateText latest = new DateText(0, date(0));

    private record DateText(long second, String text) {}

    private TraceField() {}

    static byte[] of(String hostName, Origin origin, Envelope envelope, QueueId id) {
        StringBuilder field = new StringBuilder(320);
        field.append("Received: from ");
        appendName(field, origin.heloName());
        field.append(" (unknown ");
        appendLiteral(field, origin.client());
        field.append(")\r\n");
        if (origin.tlsProtocol().isPresent()) {
            field.append("\t(using ").append(origin.tlsProtocol().get()).append(")\r\n");
        }
        field.append("\tby ").append(hostName).append(" (Understudy) with ").append(origin.protocol());
        field.append(" id ").append(id);
        // More than one recipient is nobody's business but the sender's (RFC 5321 section 7.2).
        if (envelope.recipients().size() == 1) {
            field.append("\r\n\tfor ").append(envelope.recipients().get(0).path());
        }
        field.append("; ").append(date(origin.arrival())).append("\r\n");
        return field.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String date(Instant arrival) {
        long second = arrival.getEpochSecond();
        DateText known = latest;
        if (known.second() != second) {
            known = new DateText(second, date(second));
            latest = known;
        }
        return known.text();
    }

    private static String date(long second) {
        return DATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
    }

    /** A name as the client gave it; what could change the meaning of the field becomes a question mark. */
    private static void appendName(StringBuilder field, String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean harmless = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= ':')
                    || "._[]-".indexOf(c) >= 0;
            field.append(harmless ? c : '?');
        }
    }

    private static void appendLiteral(StringBuilder field, InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        field.append(address instanceof Inet6Address ? "[IPv6:" : "[")
                .append(text, 0, scope < 0 ? text.length() : scope)
                .append(']');
    }
}
