package org.understudy.probes.dns;

import java.util.ArrayList;
import java.util.List;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;

/** The MX records as they should be, to be pasted into the zone. */
final class DeclaredZone {
    private static final int STEP = 10;
    private static final long DEFAULT_TTL = 3600;

    private DeclaredZone() {}

    /** One line per declared exchanger; the null MX for a domain that takes no mail (RFC 7505 section 3). */
    static String lines(MailDomain domain) {
        long ttl = Math.min(DEFAULT_TTL, domain.intent().recoveryObjective().toSeconds());
        if (!domain.intent().mail()) {
            return new MxView.Mx(0, "", ttl).zoneLine(domain.name());
        }
        List<String> lines = new ArrayList<>();
        int preference = 0;
        for (List<Exchanger> tier : domain.tiers()) {
            preference += STEP;
            for (Exchanger exchanger : tier) {
                lines.add(new MxView.Mx(preference, exchanger.host().text(), ttl).zoneLine(domain.name()));
            }
        }
        return String.join("\n", lines);
    }

    /** A line that should go: a comment in a zone file, so that nothing happens if it is pasted. */
    static String without(MailDomain domain, MxView.Mx record) {
        return "; remove: " + record.zoneLine(domain.name());
    }
}
