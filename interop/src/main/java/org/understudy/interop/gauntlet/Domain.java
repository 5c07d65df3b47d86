package org.understudy.interop.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One domain of the staged internet: a row of the table. Unless it says otherwise it has a primary {@code mx1} and a backup
 * {@code mx2}, in networks of their own, which know the same recipients, and a zone on both servers of a hoster. Lines of zones may
 * have places, as {@link Places} knows them. Built by its methods, which return itself, and then only read.
 */
final class Domain {
    private final String label;
    private final String what;
    private final boolean healthy;
    private final Set<String> seeded = new TreeSet<>();
    private final Set<String> consequences = new TreeSet<>();
    private final List<List<String>> records = List.of(new ArrayList<>(), new ArrayList<>());
    private List<String> exchange = List.of("10 mx1", "20 mx2");
    private Optional<List<String>> secondExchange = Optional.empty();
    private final Map<String, List<String>> addresses = new LinkedHashMap<>();
    private final Map<String, String> reverse = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<MailHost>> hosts = new LinkedHashMap<>();
    private final List<PolicyPage> pages = new ArrayList<>();
    private final List<String> intent = new ArrayList<>();
    private List<String> tiers = List.of("mx1 primary", "mx2 backup");
    private int ttl = 3600;
    private Delegation delegation = Delegation.USUAL;
    private Signing signing = Signing.NONE;
    private boolean real;
    private Optional<String> hidden = Optional.empty();

    private Domain(String label, String what, boolean healthy) {
        this.label = label;
        this.what = what;
        this.healthy = healthy;
        host("mx1", "<1>");
        host("mx2", "<2>");
    }

    /** One of which nothing may be said. */
    static Domain healthy(String label, String what) {
        return new Domain(label, what, true);
    }

    /** One of which something must be said: see {@link #finds}. */
    static Domain broken(String label, String what) {
        return new Domain(label, what, false);
    }

    /** Ids of the faults that are seeded, each with its severity behind it if that matters. */
    Domain finds(String... ids) {
        seeded.addAll(List.of(ids));
        return this;
    }

    /** Ids that may be found as well, because they follow from the fault. */
    Domain andPerhaps(String... ids) {
        consequences.addAll(List.of(ids));
        return this;
    }

    /** Probes, by the beginning of their ids, that may be unable to look, because the host does not let them. */
    Domain mayHideFrom(String probe) {
        hidden = Optional.of(probe);
        return this;
    }

    /** The MX records, as {@code 10 mx1}; none for no argument. */
    Domain mx(String... lines) {
        exchange = List.of(lines);
        return this;
    }

    /** Those that the second name server has instead. */
    Domain mxAtSecond(String... lines) {
        secondExchange = Optional.of(List.of(lines));
        return this;
    }

    Domain ttl(int seconds) {
        ttl = seconds;
        return this;
    }

    /** A line of the zone, on both name servers. */
    Domain record(String line) {
        records.forEach(server -> server.add(line));
        return this;
    }

    /** A line of the zone that only the first or second server has. */
    Domain recordAt(int server, String line) {
        records.get(server - 1).add(line);
        return this;
    }

    /** A host, or other addresses of one; it speaks SMTP on all of them. */
    Domain host(String name, String... at) {
        addresses.put(name, List.of(at));
        return this;
    }

    /** A host that has no address. */
    Domain without(String name) {
        addresses.remove(name);
        return this;
    }

    /** How a host speaks. */
    Domain speaks(String name, UnaryOperator<MailHost> manner) {
        hosts.merge(name, manner, (a, b) -> host -> b.apply(a.apply(host)));
        return this;
    }

    /** The same of primary and backup. */
    Domain bothSpeak(UnaryOperator<MailHost> manner) {
        return speaks("mx1", manner).speaks("mx2", manner);
    }

    /** What the address of a host is called; empty for no name. */
    Domain reverse(String name, String target) {
        reverse.put(name, target);
        return this;
    }

    /** What is declared: one tier for each argument, as {@code mx1 primary, mx3 primary}. */
    Domain tiers(String... all) {
        tiers = List.of(all);
        return this;
    }

    /** Further keys of the domain in the configuration. */
    Domain declares(String... keys) {
        intent.addAll(Arrays.asList(keys));
        return this;
    }

    /** Takes no mail, and has no hosts. */
    Domain takesNoMail() {
        addresses.clear();
        tiers = List.of();
        return mx().declares("mail: false");
    }

    /** Has a primary only. */
    Domain alone() {
        return mx("10 mx1").without("mx2").tiers("mx1 primary");
    }

    Domain delegated(Delegation how) {
        delegation = how;
        return this;
    }

    Domain signed(Signing how) {
        signing = how;
        return this;
    }

    /** An MTA-STS policy, with its record and where to report. */
    Domain policy(PolicyPage page) {
        return record("_mta-sts TXT \"v=STSv1; id=1\"")
                .record("_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@plain." + Places.TOP + "\"")
                .page(page);
    }

    /** A good policy for these hosts of the domain. */
    Domain enforces(String... hostNames) {
        return policy(PolicyPage.of("enforce", label, hostNames));
    }

    /** An MTA-STS policy alone. */
    Domain page(PolicyPage page) {
        return record("mta-sts A <5>").serves(page);
    }

    /** The same without the address record. */
    Domain serves(PolicyPage page) {
        pages.add(page);
        return this;
    }

    /** Its hosts are servers that people really use, started elsewhere. */
    Domain served() {
        real = true;
        return this;
    }

    String label() {
        return label;
    }

    String name() {
        return label + "." + Places.TOP;
    }

    String what() {
        return what;
    }

    boolean isHealthy() {
        return healthy;
    }

    Set<String> seeded() {
        return seeded;
    }

    Set<String> consequences() {
        return consequences;
    }

    boolean mayBeUnseenBy(String probe) {
        return hidden.filter(probe::startsWith).isPresent();
    }

    /** Names of its hosts with their addresses, in places. */
    Map<String, List<String>> hosts() {
        return addresses;
    }

    /** The name that the address of a host leads to; empty for none. */
    String reverseOf(String host) {
        return reverse.getOrDefault(host, host);
    }

    /** How a host speaks that would otherwise be good. */
    MailHost manner(String host) {
        return hosts.getOrDefault(host, UnaryOperator.identity()).apply(MailHost.good(host + "." + name()));
    }

    boolean isReal() {
        return real;
    }

    List<PolicyPage> pages() {
        return pages;
    }

    List<String> declaredTiers() {
        return tiers;
    }

    List<String> intent() {
        return intent;
    }

    Delegation delegation() {
        return delegation;
    }

    Signing signing() {
        return signing;
    }

    /**
     * The zone below its SOA record.
     *
     * @param server 1 or 2
     */
    List<String> zone(int server) {
        List<String> lines = new ArrayList<>();
        lines.add("$TTL " + ttl);
        delegation.zone().forEach(ns -> lines.add("@ NS " + ns));
        List<String> mx = server == 2 ? secondExchange.orElse(exchange) : exchange;
        mx.forEach(record -> lines.add("@ MX " + record));
        addresses.forEach(
                (host, all) -> all.forEach(at -> lines.add(host + (at.startsWith("<v6:") ? " AAAA " : " A ") + at)));
        lines.addAll(records.get(server - 1));
        return lines;
    }

    /** All names of hosts that a certificate of the domain is for. */
    List<String> certified() {
        return Stream.concat(addresses.keySet().stream(), Stream.of("mta-sts"))
                .map(host -> host + "." + name())
                .toList();
    }
}
