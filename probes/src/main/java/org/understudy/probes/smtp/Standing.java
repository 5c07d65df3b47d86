package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.understudy.smtp.Reply;

/** What a reply means for who asked. */
enum Standing {
    TAKEN,
    /** 4yz: later perhaps. */
    PUT_OFF,
    /** 4yz that says that it is meant for strangers: a second try is enough. */
    GREYLISTED,
    /** 5yz: never. */
    REFUSED,
    /** Any refusal that says that it is about where we ask from: nothing follows for others. */
    AGAINST_US;

    private static final Pattern GREYLISTING = Pattern.compile("(?i)gr[ea]y-?\\s?list");
    /** RFC 5782 lists, and what servers say of them. */
    private static final Pattern LISTED = Pattern.compile("(?i)\\b(?:block(?:ed)? (?:using|by|list)|block-?list(?:ed)?"
            + "|black-?list(?:ed)?|dnsbl|rbl|spamhaus|spamcop|barracuda|sorbs|reputation|banned|blacklisted"
            + "|listed (?:at|by|in|on))\\b");
    /** RFC 3463 section 3.8, and servers that give no enhanced code. */
    private static final Pattern RELAYING =
            Pattern.compile("(?i)\\b5\\.7\\.1\\b|relay(?!ed)|not (?:a )?local domain|not hosted here");

    static Standing of(Reply reply) {
        if (reply.isPositive()) {
            return TAKEN;
        }
        String text = reply.text();
        if (reply.isTransient() && GREYLISTING.matcher(text).find()) {
            return GREYLISTED;
        }
        if (LISTED.matcher(text).find()) {
            return AGAINST_US;
        }
        return reply.isTransient() ? PUT_OFF : REFUSED;
    }

    /** Knowing from where we ask: who names that address in a refusal, means us. */
    static Standing of(Reply reply, InetAddress ours) {
        Standing standing = of(reply);
        boolean named = !ours.isLoopbackAddress()
                && (" " + reply.text() + " ")
                        .matches("(?s).*[^0-9a-f.:]" + Pattern.quote(ours.getHostAddress()) + "[^0-9a-f:].*");
        return standing == REFUSED && named ? AGAINST_US : standing;
    }

    /** True if a refusal says that the server does not take mail for such a domain. */
    static boolean saysRelaying(Reply reply) {
        return RELAYING.matcher(reply.toString()).find();
    }
}
