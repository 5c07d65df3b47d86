package org.understudy.probes.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * The questions of one run: none is asked twice, and a server that did not answer once is not waited for again. Confined to
 * one thread; used once.
 */
final class Inquiry {
    private final DnsClient client;
    private final DnsSettings settings;
    private final Deadline deadline;
    private final Map<String, DnsAnswer> answers = new HashMap<>();
    private final Map<InetSocketAddress, DnsAnswer> dead = new HashMap<>();
    private final Map<DomainName, Authority> authorities = new HashMap<>();

    Inquiry(DnsSettings settings, Deadline deadline) {
        this.client = new DnsClient(settings);
        this.settings = settings;
        this.deadline = deadline;
    }

    /** True if no time is left to ask. */
    boolean isOver() {
        return deadline.isPassed();
    }

    /** What the first resolver that knows says. */
    DnsAnswer resolver(DomainName name, int type) {
        DnsAnswer last = DnsAnswer.failed("there is no resolver");
        for (InetSocketAddress resolver : client.resolvers()) {
            last = ask(resolver, name, type, true);
            if (last.isConclusive()) {
                return last;
            }
        }
        return last;
    }

    /** What one resolver says. */
    DnsAnswer resolver(InetSocketAddress resolver, DomainName name, int type) {
        return ask(resolver, name, type, true);
    }

    List<InetSocketAddress> resolvers() {
        return client.resolvers();
    }

    DnsAnswer authoritative(NameServer server, DomainName name, int type) {
        return ask(server.socket(), name, type, false);
    }

    /** Asks every server of a zone. */
    Survey survey(Authority authority, DomainName name, int type) {
        return new Survey(authority.servers().stream()
                .map(s -> new Survey.Voice(s, authoritative(s, name, type)))
                .toList());
    }

    private DnsAnswer ask(InetSocketAddress server, DomainName name, int type, boolean recursive) {
        DnsAnswer none = dead.get(server);
        if (none != null) {
            return none;
        }
        if (isOver()) {
            return DnsAnswer.failed("the time was over before " + server + " was asked");
        }
        String question = server + " " + name + " " + type + " " + recursive;
        DnsAnswer known = answers.get(question);
        if (known != null) {
            return known;
        }
        DnsAnswer answer = client.ask(server, name, type, recursive);
        answers.put(question, answer);
        if (answer.status() == DnsAnswer.Status.NO_ANSWER || answer.status() == DnsAnswer.Status.NO_ROUTE) {
            dead.put(server, answer);
        }
        return answer;
    }

    /** The zone that a name is in, and its servers, as the resolver has them. */
    Authority authority(DomainName name) {
        Authority known = authorities.get(name);
        if (known == null) {
            known = findAuthority(name);
            authorities.put(name, known);
        }
        return known;
    }

    private Authority findAuthority(DomainName name) {
        for (Optional<DomainName> at = Optional.of(name); at.isPresent(); at = parent(at.get())) {
            DnsAnswer answer = resolver(at.get(), Type.NS);
            if (!answer.isConclusive()) {
                return Authority.unknown(
                        name, "the name servers of " + at.get() + " cannot be found out: " + answer.detail());
            }
            List<DomainName> names = nameServers(answer.records(), at.get());
            if (!names.isEmpty()) {
                return new Authority(at.get(), names, servers(names), "");
            }
        }
        return Authority.unknown(name, "the resolver knows no zone that has the name " + name);
    }

    /** The name one label up; empty above a top-level domain. */
    static Optional<DomainName> parent(DomainName name) {
        int dot = name.text().indexOf('.');
        return dot < 0
                ? Optional.empty()
                : Optional.of(new DomainName(name.text().substring(dot + 1)));
    }

    /** Targets of the NS records of one owner, in the order given. */
    static List<DomainName> nameServers(List<Record> records, DomainName owner) {
        return records.stream()
                .filter(NSRecord.class::isInstance)
                .filter(r -> name(r.getName()).filter(owner::equals).isPresent())
                .flatMap(r -> name(((NSRecord) r).getTarget()).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** A name off the wire; empty if it is none that a host can have. */
    static Optional<DomainName> name(org.xbill.DNS.Name name) {
        try {
            return Optional.of(DomainName.parse(name.toString(true)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A server without a known address cannot be asked; the others speak for it. */
    private List<NameServer> servers(List<DomainName> names) {
        List<NameServer> servers = new ArrayList<>();
        Set<InetAddress> seen = new HashSet<>();
        for (DomainName name : names) {
            for (InetAddress address : addresses(name)) {
                if (seen.add(address)) {
                    servers.add(server(name, address));
                }
            }
        }
        return servers;
    }

    NameServer server(DomainName name, InetAddress address) {
        return new NameServer(name, new InetSocketAddress(address, settings.authoritativePort()));
    }

    /** What the resolver knows of both families; a family that it cannot tell is left out. */
    List<InetAddress> addresses(DomainName host) {
        List<InetAddress> addresses =
                new ArrayList<>(addresses(resolver(host, Type.A).records()));
        addresses.addAll(addresses(resolver(host, Type.AAAA).records()));
        return addresses;
    }

    /** The addresses among some records. */
    static List<InetAddress> addresses(List<Record> records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records) {
            if (record instanceof ARecord a) {
                addresses.add(a.getAddress());
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(aaaa.getAddress());
            }
        }
        return addresses;
    }
}
