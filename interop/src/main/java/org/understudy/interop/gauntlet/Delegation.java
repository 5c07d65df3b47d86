package org.understudy.interop.gauntlet;

import java.util.List;
import java.util.Map;

/**
 * How a zone is delegated and served.
 *
 * @param registered false for a name that the registry does not know
 * @param parent the name servers that the parent names, as they stand in a zone file
 * @param glue addresses that the parent gives for them, by name
 * @param zone the name servers that the zone itself names
 * @param served places at which the first and the second server listen besides the hoster's addresses; empty for none
 * @param loaded which of the two servers have the zone
 */
record Delegation(
        boolean registered,
        List<String> parent,
        Map<String, String> glue,
        List<String> zone,
        List<String> served,
        List<Integer> loaded) {
    private static final List<Integer> BOTH = List.of(1, 2);

    /** By the two servers of the hoster. */
    static final Delegation USUAL =
            new Delegation(true, List.of(Places.HOSTER_NAMES), Map.of(), List.of(Places.HOSTER_NAMES), List.of(), BOTH);

    /** Nobody knows the name. */
    static final Delegation NONE = new Delegation(false, List.of(), Map.of(), List.of(), List.of(), List.of());

    /** The parent names others than the zone. */
    static Delegation parentNames(String... names) {
        return new Delegation(true, List.of(names), Map.of(), USUAL.zone(), List.of(), BOTH);
    }

    /** One of the two servers does not have the zone. */
    static Delegation onlyAt(int server) {
        return new Delegation(true, USUAL.parent(), Map.of(), USUAL.zone(), List.of(), List.of(server));
    }

    /** By the hoster, and by one more in the zone, of which both sides know. */
    static Delegation alsoNaming(String name, String at) {
        List<String> all = List.of(Places.HOSTER_NAMES[0], Places.HOSTER_NAMES[1], name);
        return new Delegation(true, all, Map.of(name, at), all, List.of(), BOTH);
    }

    /** By {@code ns1} and {@code ns2} in the zone, at these places; the zone needs their address records. */
    static Delegation inside(String first, String second) {
        return inside(first, second, first);
    }

    /** The same, with another place of the first in the parent. */
    static Delegation inside(String first, String second, String firstAccordingToParent) {
        List<String> names = List.of("ns1", "ns2");
        return new Delegation(
                true, names, Map.of("ns1", firstAccordingToParent, "ns2", second), names, List.of(first, second), BOTH);
    }
}
