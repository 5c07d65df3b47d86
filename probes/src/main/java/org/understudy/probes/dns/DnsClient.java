package org.understudy.probes.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks one server one question: two tries over UDP, then TCP. Caches nothing, so that what is seen is what is there.
 * Thread-safe.
 */
final class DnsClient {
    private static final int UDP_TRIES = 2;
    private static final int UDP_PAYLOAD = 1232;

    private final DnsSettings settings;

    DnsClient(DnsSettings settings) {
        this.settings = settings;
    }

    /** Asks an authoritative server, without recursion. */
    DnsAnswer askAuthoritative(InetSocketAddress server, DomainName name, int type) {
        return ask(server, name, type, false);
    }

    /** Asks the resolvers in order until one gives a conclusive answer. */
    DnsAnswer askResolver(DomainName name, int type) {
        List<InetSocketAddress> resolvers = settings.resolvers().isEmpty()
                ? ResolverConfig.getCurrentConfig().servers()
                : settings.resolvers();
        DnsAnswer last = DnsAnswer.failed("there is no resolver");
        for (InetSocketAddress resolver : resolvers) {
            last = ask(resolver, name, type, true);
            if (last.isConclusive()) {
                return last;
            }
        }
        return last;
    }

    private DnsAnswer ask(InetSocketAddress server, DomainName name, int type, boolean recursive) {
        Message query;
        try {
            query = Message.newQuery(Record.newRecord(Name.fromString(name.text() + "."), type, DClass.IN));
        } catch (TextParseException e) {
            return DnsAnswer.failed("not a name: " + name);
        }
        if (!recursive) {
            query.getHeader().unsetFlag(Flags.RD);
        }
        IOException last = new IOException("not asked");
        for (int i = 0; i <= UDP_TRIES; i++) {
            try {
                return read(send(server, query, i == UDP_TRIES), type);
            } catch (IOException e) {
                last = e;
            }
        }
        String why = last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
        return DnsAnswer.failed(
                "no answer from " + server.getAddress().getHostAddress() + ":" + server.getPort() + " (" + why + ")");
    }

    private Message send(InetSocketAddress server, Message query, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        Duration timeout = settings.tryTimeout();
        resolver.setTimeout(timeout);
        resolver.setTCP(tcp);
        resolver.setEDNS(0, UDP_PAYLOAD, 0, List.of());
        return resolver.send(query);
    }

    private static DnsAnswer read(Message response, int type) {
        int rcode = response.getRcode();
        boolean authoritative = response.getHeader().getFlag(Flags.AA);
        if (rcode == Rcode.NXDOMAIN) {
            return new DnsAnswer(DnsAnswer.Status.NAME_DOES_NOT_EXIST, List.of(), authoritative, "NXDOMAIN");
        }
        if (rcode != Rcode.NOERROR) {
            return new DnsAnswer(DnsAnswer.Status.SERVER_FAILED, List.of(), authoritative, Rcode.string(rcode));
        }
        List<Record> records = response.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type || r.getType() == Type.CNAME)
                .sorted(Comparator.comparing((Record r) -> r.getType() != Type.CNAME)
                        .thenComparing(Record::rdataToString))
                .toList();
        return new DnsAnswer(
                records.isEmpty() ? DnsAnswer.Status.NO_DATA : DnsAnswer.Status.DATA,
                records,
                authoritative,
                "NOERROR");
    }
}
