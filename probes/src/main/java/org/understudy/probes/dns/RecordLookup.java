package org.understudy.probes.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The records that published policies consist of, without the words of a DNS library. The questions of one run; one thread. */
public final class RecordLookup {
    private final Inquiry inquiry;

    public RecordLookup(DnsSettings settings, Deadline deadline) {
        this.inquiry = new Inquiry(settings, deadline);
    }

    /** How far an answer may be believed. */
    public enum State {
        FOUND,
        /** There is no such record. */
        ABSENT,
        /** Nobody says. */
        UNKNOWN
    }

    /**
     * What was said.
     *
     * @param values of the records, sorted
     * @param detail the response code, or what went wrong
     */
    public record Found<T>(State state, List<T> values, String detail) {
        public Found {
            values = List.copyOf(values);
        }

        public boolean isKnown() {
            return state != State.UNKNOWN;
        }
    }

    /** Texts at the resolver, which follows aliases; the strings of a record joined without a space. */
    public Found<String> texts(DomainName name) {
        return texts(inquiry.resolver(name, Type.TXT));
    }

    /** IPv4 addresses at the resolver. */
    public Found<InetAddress> addresses4(DomainName name) {
        DnsAnswer answer = inquiry.resolver(name, Type.A);
        return found(answer, Inquiry.addresses(answer.records()));
    }

    /** Addresses of both families at the resolver; absent only if both are. */
    public Found<InetAddress> addresses(DomainName name) {
        DnsAnswer v4 = inquiry.resolver(name, Type.A);
        DnsAnswer v6 = inquiry.resolver(name, Type.AAAA);
        List<InetAddress> addresses = inquiry.addresses(name);
        return found(v4.isConclusive() ? v6 : v4, addresses);
    }

    /** Hosts that the MX records at the resolver name, and that can be hosts, most preferred first. */
    public Found<DomainName> exchangers(DomainName domain) {
        DnsAnswer answer = inquiry.resolver(domain, Type.MX);
        List<DomainName> hosts = MxView.of("resolver", answer).records().stream()
                .filter(mx -> !mx.isNull() && !mx.isVerification())
                .filter(mx -> !HostNames.isAddress(mx.target(), domain)
                        && HostNames.objection(mx.target(), domain).isEmpty())
                .map(mx -> new DomainName(mx.target()))
                .distinct()
                .toList();
        return found(answer, hosts);
    }

    /** Texts at each authoritative server that speaks and gives no alias, by the server's name. */
    public Map<String, List<String>> textsEverywhere(DomainName name) {
        Map<String, List<String>> all = new TreeMap<>();
        for (Survey.Voice voice :
                inquiry.survey(inquiry.authority(name), name, Type.TXT).counting()) {
            boolean alias = voice.answer().records().stream().anyMatch(r -> r.getType() == Type.CNAME);
            if (!alias) {
                all.put(voice.server().label(), texts(voice.answer()).values());
            }
        }
        return all;
    }

    private static Found<String> texts(DnsAnswer answer) {
        return found(
                answer,
                answer.records().stream()
                        .filter(TXTRecord.class::isInstance)
                        .map(RecordLookup::text)
                        .sorted()
                        .toList());
    }

    private static String text(Record record) {
        return String.join("", ((TXTRecord) record).getStrings());
    }

    private static <T> Found<T> found(DnsAnswer answer, List<T> values) {
        State state = State.UNKNOWN;
        if (!values.isEmpty()) {
            state = State.FOUND;
        } else if (answer.isConclusive()) {
            state = State.ABSENT;
        }
        return new Found<>(state, values, answer.detail());
    }
}
