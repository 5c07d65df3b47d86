package org.understudy.spool.recipients;

import java.util.regex.Pattern;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;

/** What is said to recipients that are not accepted. A 5yz is made nowhere else in the directory. */
final class DirectoryReplies {
    static final Reply RELAY_DENIED = Reply.of(550, "5.7.1 Relay access denied: not a domain of this host");
    static final Reply ROUTE_REFUSED = Reply.of(550, "5.7.1 Relay access denied: the local part is a route");
    static final Reply NO_SUCH_RECIPIENT = Reply.of(550, "5.1.1 No such recipient at the primary MX");
    static final Reply LIST_UNAVAILABLE = Reply.of(451, "4.3.0 Recipients cannot be looked up, try again later");
    static final Reply CANNOT_BE_VERIFIED =
            Reply.of(450, "4.1.1 It cannot be verified now whether there is such a recipient, try again later");
    static final Reply USE_THE_PRIMARY = Reply.of(451, "4.3.2 Please use the primary MX, which is up");

    private static final Reply MAILBOX_FULL = Reply.of(452, "4.2.2 The mailbox is full at the primary MX");
    private static final int LONGEST_QUOTE = 200;

    /** The % of the eighties, bang paths, and an address within quotes. */
    private static final Pattern ROUTE = Pattern.compile(".+[%!@].+");

    private DirectoryReplies() {}

    /**
     * True if a local part names a host to go on to. A primary that trusts us may obey it, and the two of us together would
     * relay for anybody: Postfix refuses it, too, unless told otherwise (allow_untrusted_routing).
     */
    static boolean isRoute(ForwardPath recipient) {
        return ROUTE.matcher(recipient.localPart()).matches();
    }

    /** What the primary says of a recipient that it does not take now, never for good. */
    static Reply sameAs(Reply said) {
        return said.isTransient() ? Reply.of(said.code(), quote(said.text())) : MAILBOX_FULL;
    }

    /** Foreign text: one line, printable, of bounded length. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder();
        text.chars().limit(LONGEST_QUOTE).forEach(c -> quoted.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return quoted.toString();
    }
}
