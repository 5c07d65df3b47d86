package org.understudy.probes.policy;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.smtp.DomainName;

/**
 * The TXT record that says where reports about TLS failures go (RFC 8460 section 3).
 *
 * @param destinations where they go
 * @param objection what is wrong with the record, or empty
 */
record TlsRptRecord(List<Destination> destinations, String objection) {
    private static final String VERSION = "v=TLSRPTv1";
    private static final Pattern BEGINNING = Pattern.compile("v=TLSRPTv1[ \\t]*;.*", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    /**
     * One place that reports go to.
     *
     * @param mail true for a mailbox, false for HTTPS
     * @param host the domain of the mailbox, or the host of the URL
     */
    record Destination(boolean mail, DomainName host, String uri) {}

    TlsRptRecord {
        destinations = List.copyOf(destinations);
    }

    /** Those of the texts at the name that claim to be such a record; reporters go by it only if it is one. */
    static List<String> among(List<String> texts) {
        return texts.stream().filter(t -> BEGINNING.matcher(t).matches()).toList();
    }

    /** Reads one; never throws. */
    static TlsRptRecord parse(String text) {
        String[] fields = text.split("[ \\t]*;[ \\t]*", -1);
        if (!fields[0].equals(VERSION)) {
            return invalid("does not begin with " + VERSION);
        }
        List<Destination> destinations = new ArrayList<>();
        boolean told = false;
        for (int i = 1; i < fields.length; i++) {
            if (fields[i].isEmpty() && i == fields.length - 1) {
                continue;
            }
            int equals = fields[i].indexOf('=');
            String name = equals < 0 ? "" : fields[i].substring(0, equals);
            if (!NAME.matcher(name).matches()) {
                return invalid("has the part \"" + fields[i] + "\", which is no name=value");
            }
            if (name.equals("rua") && !told) {
                told = true;
                for (String uri : fields[i].substring(equals + 1).split("[ \\t]*,[ \\t]*", -1)) {
                    Optional<Destination> destination = destination(uri);
                    if (destination.isEmpty()) {
                        return invalid("has the rua \"" + uri + "\", which is neither a mailto: nor an https: URI");
                    }
                    destinations.add(destination.get());
                }
            }
        }
        return told ? new TlsRptRecord(destinations, "") : invalid("has no rua");
    }

    private static Optional<Destination> destination(String text) {
        try {
            URI uri = new URI(text);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            if (scheme.equals("https") && uri.getHost() != null) {
                return Optional.of(new Destination(false, DomainName.parse(uri.getHost()), text));
            }
            if (scheme.equals("mailto")) {
                String address = uri.getRawSchemeSpecificPart().replaceFirst("\\?.*", "");
                int at = address.lastIndexOf('@');
                return at < 1
                        ? Optional.empty()
                        : Optional.of(
                                new Destination(true, DomainName.parse(decoded(address.substring(at + 1))), text));
            }
            return Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static TlsRptRecord invalid(String objection) {
        return new TlsRptRecord(List.of(), objection);
    }

    boolean isValid() {
        return objection.isEmpty();
    }
}
