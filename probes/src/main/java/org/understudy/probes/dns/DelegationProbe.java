package org.understudy.probes.dns;

import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Compares the name servers that the parent zone sends resolvers to with those that the zone itself names. */
public final class DelegationProbe extends DnsProbe {
    /** Top-level domains that are never delegated (RFC 6761, RFC 6762, RFC 8375). */
    private static final Set<String> UNDELEGATED =
            Set.of("test", "example", "invalid", "localhost", "local", "internal", "onion", "alt");

    private final MailDomain domain;

    public DelegationProbe(MailDomain domain, DnsSettings settings, Clock clock) {
        super(domain, "delegation", settings, clock);
        this.domain = domain;
    }

    @Override
    void look(ResultBuilder result, Inquiry inquiry) {
        String text = domain.name().text();
        if (UNDELEGATED.contains(text.substring(text.lastIndexOf('.') + 1))) {
            result.fact("parent", "none: such names are never delegated");
            return;
        }
        Authority child = inquiry.authority(domain.name());
        if (!child.isKnown()) {
            result.unknown(child.trouble());
            return;
        }
        Optional<DomainName> above = Inquiry.parent(child.zone());
        if (above.isEmpty()) {
            result.fact("parent", "the root: not looked at");
            return;
        }
        Authority parent = inquiry.authority(above.get());
        if (!parent.isKnown()) {
            result.unknown(parent.trouble());
            return;
        }
        List<Survey.Voice> referrals = referrals(inquiry, parent, child.zone(), result);
        Survey own = inquiry.survey(child, child.zone(), Type.NS);
        if (referrals.isEmpty() || own.counting().isEmpty()) {
            return;
        }
        compareNames(result, child.zone(), referrals, own);
        compareGlue(result, inquiry, child, referrals);
    }

    /** What the parent says; a server that also has the child zone answers from that, and says nothing about the parent. */
    private static List<Survey.Voice> referrals(
            Inquiry inquiry, Authority parent, DomainName zone, ResultBuilder result) {
        List<Survey.Voice> voices = inquiry.survey(parent, zone, Type.NS).voices();
        List<Survey.Voice> referrals = voices.stream()
                .filter(v -> v.answer().isConclusive()
                        && !Inquiry.nameServers(v.answer().authority(), zone).isEmpty())
                .toList();
        boolean childToo = voices.stream().anyMatch(Survey.Voice::counts);
        if (referrals.isEmpty() && !childToo) {
            String why = voices.isEmpty()
                    ? "it has none with an address"
                    : voices.get(0).trouble();
            result.unknown("no name server of " + parent.zone() + " says where " + zone + " is delegated to: " + why);
        }
        return referrals;
    }

    private static Set<DomainName> names(Stream<List<Record>> sections, DomainName zone) {
        return sections.flatMap(s -> Inquiry.nameServers(s, zone).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void compareNames(ResultBuilder result, DomainName zone, List<Survey.Voice> referrals, Survey own) {
        Set<DomainName> delegated = names(referrals.stream().map(v -> v.answer().authority()), zone);
        Set<DomainName> named =
                names(own.counting().stream().map(v -> v.answer().records()), zone);
        result.fact("parent", text(delegated));
        result.fact("zone", text(named));
        if (delegated.equals(named)) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        referrals.forEach(
                v -> evidence.put("parent " + v.server(), lines(v.answer().authority())));
        own.counting()
                .forEach(
                        v -> evidence.put("zone " + v.server(), lines(v.answer().records())));
        result.finding(Finding.of(
                        FindingType.DELEGATION_MISMATCH,
                        zone.text(),
                        "The parent sends resolvers of " + zone + " to " + text(delegated) + "; the zone names "
                                + text(named),
                        evidence)
                .withFix(named.stream()
                        .map(n -> zone + ". 86400 IN NS " + n + ".")
                        .collect(Collectors.joining("\n"))));
    }

    /** Glue of name servers inside the zone against the addresses that the zone itself gives them. */
    private static void compareGlue(
            ResultBuilder result, Inquiry inquiry, Authority child, List<Survey.Voice> referrals) {
        for (DomainName name : child.names()) {
            if (!name.isWithin(child.zone())) {
                continue;
            }
            Set<InetAddress> glue = new LinkedHashSet<>();
            for (Survey.Voice voice : referrals) {
                glue.addAll(Inquiry.addresses(voice.answer().additional().stream()
                        .filter(r ->
                                Inquiry.name(r.getName()).filter(name::equals).isPresent())
                        .toList()));
            }
            List<DnsAnswer> own = Stream.of(Type.A, Type.AAAA)
                    .flatMap(t ->
                            inquiry.survey(child, name, t).counting().stream().limit(1))
                    .map(Survey.Voice::answer)
                    .toList();
            Set<InetAddress> real = new LinkedHashSet<>();
            own.forEach(a -> real.addAll(Inquiry.addresses(a.records())));
            // A referral may leave out glue that does not fit, but what it has must be right.
            if (own.size() == 2 && !real.containsAll(glue)) {
                Map<String, String> evidence = new LinkedHashMap<>();
                evidence.put("glue", addressText(glue));
                evidence.put("zone", real.isEmpty() ? "no address" : addressText(real));
                result.finding(Finding.of(
                        FindingType.DELEGATION_MISMATCH,
                        name.text(),
                        "The parent gives " + name + " the address " + addressText(glue) + "; the zone gives it "
                                + (real.isEmpty() ? "none" : addressText(real)),
                        evidence));
            }
        }
    }

    private static String addressText(Set<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }

    private static String text(Set<DomainName> names) {
        return names.isEmpty() ? "none" : names.stream().map(DomainName::text).collect(Collectors.joining(", "));
    }

    private static String lines(List<Record> records) {
        List<String> lines = new ArrayList<>();
        records.stream().filter(r -> r.getType() == Type.NS).forEach(r -> lines.add(r.toString()));
        return String.join("\n", lines);
    }
}
