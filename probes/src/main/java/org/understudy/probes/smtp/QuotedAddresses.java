package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.understudy.smtp.Network;

/** The IP addresses that a server writes in a reply. */
final class QuotedAddresses {
    private static final Pattern LITERAL = Pattern.compile(
            "(?<![\\w.:])(?:IPv6:)?(\\d{1,3}(?:\\.\\d{1,3}){3}|(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:.]{3,45})(?![\\w:]|\\.\\d)");
    private static final int MOST = 4;

    private QuotedAddresses() {}

    /** In the order of the text, each once; no name is ever looked up. */
    static List<InetAddress> in(String text) {
        return LITERAL.matcher(text)
                .results()
                .map(found -> found.group(1).replaceFirst("[.:]$", ""))
                .flatMap(literal -> Network.parseAddress(literal).stream())
                .distinct()
                .limit(MOST)
                .toList();
    }
}
