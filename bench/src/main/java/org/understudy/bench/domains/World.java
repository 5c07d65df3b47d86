package org.understudy.bench.domains;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names and addresses of the domains and their servers. Immutable.
 *
 * @param domains how many there are, each with a primary and a backup
 * @param servers how many primaries, and as many backups, they share
 */
record World(int domains, int servers) {
    static final String ZONE = "bench.test";
    private static final int HOSTS_PER_NETWORK = 250;
    private static final Pattern DOMAIN = Pattern.compile("d(\\d+)\\.bench\\.test");
    private static final Pattern HOST = Pattern.compile("mx([12])-(\\d+)\\.bench\\.test");
    private static final Pattern REVERSE = Pattern.compile("(\\d+)\\.(\\d+)\\.([12])\\.127\\.in-addr\\.arpa");

    String domain(int number) {
        return "d" + number + "." + ZONE;
    }

    /** The exchanger of a domain with this rank, 1 or 2. */
    String exchanger(int rank, int domain) {
        return host(rank, domain % servers);
    }

    String host(int rank, int server) {
        return "mx" + rank + "-" + server + "." + ZONE;
    }

    String address(int rank, int server) {
        return "127." + rank + "." + server / HOSTS_PER_NETWORK + "." + (1 + server % HOSTS_PER_NETWORK);
    }

    /** The number of a domain, if the name is one. */
    Optional<Integer> domainNumber(String name) {
        Matcher matcher = DOMAIN.matcher(name);
        return matcher.matches() ? number(matcher.group(1), domains) : Optional.empty();
    }

    /** The address of a host, if the name is one of a mail server. */
    Optional<String> addressOf(String name) {
        Matcher matcher = HOST.matcher(name);
        return matcher.matches()
                ? number(matcher.group(2), servers).map(server -> address(Integer.parseInt(matcher.group(1)), server))
                : Optional.empty();
    }

    /** The host of an address, if the name is the reverse one of a mail server. */
    Optional<String> hostOf(String reverse) {
        Matcher matcher = REVERSE.matcher(reverse);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int server = Integer.parseInt(matcher.group(2)) * HOSTS_PER_NETWORK + Integer.parseInt(matcher.group(1)) - 1;
        return server >= 0 && server < servers
                ? Optional.of(host(Integer.parseInt(matcher.group(3)), server))
                : Optional.empty();
    }

    private static Optional<Integer> number(String digits, int limit) {
        int number = digits.length() > 6 ? limit : Integer.parseInt(digits);
        return number < limit ? Optional.of(number) : Optional.empty();
    }
}
