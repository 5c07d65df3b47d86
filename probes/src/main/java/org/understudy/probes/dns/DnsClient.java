package org.understudy.probes.dns;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    /** To read an answer takes less than to hand it to another thread, let alone to the new one that a small machine starts for it. */
    private static final Executor WHERE_IT_ARRIVES = Runnable::run;

    private final DnsSettings settings;

    DnsClient(DnsSettings settings) {
        this.settings = settings;
    }

    /** Those of the settings, else those of the system. */
    List<InetSocketAddress> resolvers() {
        return settings.resolvers().isEmpty()
                ? ResolverConfig.getCurrentConfig().servers()
                : settings.resolvers();
    }

    /** Asks the resolvers in order until one gives a conclusive answer. */
    DnsAnswer askResolver(DomainName name, int type) {
        DnsAnswer last = DnsAnswer.failed("there is no resolver");
        for (InetSocketAddress resolver : resolvers()) {
            last = ask(resolver, name, type, true);
            if (last.isConclusive()) {
                return last;
            }
        }
        return last;
    }

    /**
     * Asks one server.
     *
     * @param recursive true for a resolver, false for an authoritative server
     */
    DnsAnswer ask(InetSocketAddress server, DomainName name, int type, boolean recursive) {
        Message query;
        try {
            query = Message.newQuery(Record.newRecord(Name.fromString(name.text() + "."), type, DClass.IN));
        } catch (TextParseException e) {
            return DnsAnswer.failed("not a name: " + name);
        }
        if (!recursive) {
            query.getHeader().unsetFlag(Flags.RD);
        }
        String where = server.getAddress().getHostAddress() + ":" + server.getPort();
        Optional<String> noRoute = noRoute(server);
        if (noRoute.isPresent()) {
            return DnsAnswer.failed(
                    DnsAnswer.Status.NO_ROUTE, "this machine has no way to " + where + " (" + noRoute.get() + ")");
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
        return DnsAnswer.failed("no answer from " + where + " (" + why + ")");
    }

    /** The kernel looks for a route when a datagram socket is connected; nothing is sent. */
    private static Optional<String> noRoute(InetSocketAddress server) {
        StandardProtocolFamily family = server.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
        try (DatagramChannel channel = DatagramChannel.open(family)) {
            channel.connect(server);
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Message send(InetSocketAddress server, Message query, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(settings.tryTimeout());
        resolver.setTCP(tcp);
        resolver.setEDNS(0, UDP_PAYLOAD, 0, List.of());
        try {
            return resolver.sendAsync(query, WHERE_IT_ARRIVES)
                    .toCompletableFuture()
                    .get(settings.tryTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException trouble ? trouble : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new InterruptedIOException("timed out");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static DnsAnswer read(Message response, int type) {
        int rcode = response.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return DnsAnswer.failed(DnsAnswer.Status.SERVER_FAILED, Rcode.string(rcode));
        }
        List<Record> records = response.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type || r.getType() == Type.CNAME)
                .sorted(Comparator.comparing((Record r) -> r.getType() != Type.CNAME)
                        .thenComparing(Record::rdataToString))
                .toList();
        DnsAnswer.Status status = records.isEmpty() ? DnsAnswer.Status.NO_DATA : DnsAnswer.Status.DATA;
        return new DnsAnswer(
                // An alias that leads nowhere is denied as a whole, and the alias is in the answer (RFC 6604 section
                // 3).
                rcode == Rcode.NXDOMAIN ? DnsAnswer.Status.NAME_DOES_NOT_EXIST : status,
                records,
                response.getHeader().getFlag(Flags.AA),
                Rcode.string(rcode),
                response.getSection(Section.AUTHORITY),
                response.getSection(Section.ADDITIONAL));
    }
}
