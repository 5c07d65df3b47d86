package org.understudy.interop.gauntlet;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where everything is. All addresses are of two networks that lead back to this machine; the domain with the number n has those
 * that begin with {@code 20.n}.
 */
final class Places {
    /** The zone of which all domains are. Names below {@code test} and the like are never delegated. */
    static final String TOP = "gauntlet";

    static final String AGENT = "20.0.9.9";
    static final String RESOLVER = "20.0.9.1";
    /** One server after the other, for each of the zones that all share. */
    static final String[] ROOT = {"20.0.0.1", "20.0.5.1"};

    static final String[] REGISTRY = {"20.0.3.1", "20.0.4.1"};
    static final String[] HOSTER = {"20.0.1.1", "20.0.2.1"};
    /** Names of the name servers that a domain has unless it says otherwise. */
    static final String[] HOSTER_NAMES = {"ns1.north." + TOP + ".", "ns1.south." + TOP + "."};

    /** Of an address at which nobody listens, though it is routed. */
    static final String NOWHERE = "20.0.8.8";

    /** Of a name server that never says a word. */
    static final String SILENT = "20.0.8.9";

    private static final Pattern PLACE = Pattern.compile("<(v6:)?(\\d+)(?:\\.(\\d+))?>");

    private Places() {}

    /**
     * Puts addresses where a line has places: {@code <2>} stands for the first address in the second network of a domain,
     * {@code <2.7>} for the seventh, {@code <v6:2>} for one of IPv6.
     *
     * @param number of the domain
     */
    static String fill(String line, int number) {
        Matcher matcher = PLACE.matcher(line);
        return matcher.replaceAll(place -> address(place, number));
    }

    private static String address(MatchResult place, int number) {
        String network = place.group(2);
        String host = place.group(3) == null ? "1" : place.group(3);
        return place.group(1) == null
                ? "20." + number + "." + network + "." + host
                : "2a01:" + Integer.toHexString(number) + ":" + network + "::" + host;
    }

    /** The name of the PTR record of an address, without a dot at the end. */
    static String reverse(String address) {
        StringBuilder name = new StringBuilder();
        if (!address.contains(":")) {
            for (String octet : address.split("\\.", -1)) {
                name.insert(0, octet + ".");
            }
            return name + "in-addr.arpa";
        }
        String[] sides = address.split("::", -1);
        String[] front = sides[0].split(":", -1);
        StringBuilder digits = new StringBuilder();
        for (String group : front) {
            digits.append(padded(group));
        }
        digits.append("0000".repeat(7 - front.length)).append(padded(sides[1]));
        for (char digit : digits.toString().toCharArray()) {
            name.insert(0, digit + ".");
        }
        return name + "ip6.arpa";
    }

    private static String padded(String group) {
        return String.format(Locale.ROOT, "%4s", group).replace(' ', '0');
    }
}
