package org.understudy.probes.dns;

import java.util.Set;
import org.understudy.smtp.DomainName;

/**
 * Tells zones in which the public registers names from those that belong to somebody. A rule of thumb instead of a list that
 * ages: top-level domains, and the usual second level of those of countries.
 */
final class Registries {
    private static final Set<String> SECOND_LEVEL =
            Set.of("ac", "co", "com", "edu", "gob", "gov", "gv", "ltd", "me", "ne", "net", "nom", "or", "org", "plc");

    private Registries() {}

    static boolean isRegistry(DomainName zone) {
        String[] labels = zone.text().split("\\.", -1);
        return labels.length == 1
                || (labels.length == 2 && labels[1].length() == 2 && SECOND_LEVEL.contains(labels[0]));
    }
}
