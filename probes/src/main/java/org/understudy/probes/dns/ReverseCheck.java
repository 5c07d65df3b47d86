package org.understudy.probes.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;

/** Looks whether the addresses of a backup have names that lead back to them. Confined to one run. */
final class ReverseCheck {
    private final Inquiry inquiry;
    private final ResultBuilder result;

    ReverseCheck(Inquiry inquiry, ResultBuilder result) {
        this.inquiry = inquiry;
        this.result = result;
    }

    void look(Target target) {
        for (InetAddress address : target.addresses()) {
            // A reserved address has no name that others could see.
            if (SpecialAddresses.use(address).isEmpty()) {
                look(target, address);
            }
        }
    }

    private void look(Target target, InetAddress address) {
        Optional<DomainName> reverse = Inquiry.name(ReverseMap.fromAddress(address));
        if (reverse.isEmpty()) {
            return;
        }
        DnsAnswer answer = inquiry.resolver(reverse.get(), Type.PTR);
        if (!answer.isConclusive()) {
            result.unknown("the name of " + address.getHostAddress() + " cannot be found out: " + answer.detail());
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        List<DomainName> names = answer.records().stream()
                .filter(PTRRecord.class::isInstance)
                .flatMap(r -> Inquiry.name(((PTRRecord) r).getTarget()).stream())
                .toList();
        evidence.put(
                reverse.get() + " PTR",
                answer.records().isEmpty()
                        ? answer.detail()
                        : answer.records().stream().map(Record::toString).collect(Collectors.joining("\n")));
        for (DomainName name : names) {
            DnsAnswer forward = inquiry.resolver(name, address instanceof Inet4Address ? Type.A : Type.AAAA);
            if (!forward.isConclusive()) {
                result.unknown("the address of " + name + " cannot be found out: " + forward.detail());
                return;
            }
            List<InetAddress> back = Inquiry.addresses(forward.records());
            if (back.contains(address)) {
                return;
            }
            evidence.put(
                    name + " A/AAAA",
                    back.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
        }
        result.finding(Finding.of(
                        FindingType.MX_PTR_MISSING_OR_MISMATCHED,
                        address.getHostAddress(),
                        "The address " + address.getHostAddress() + " of " + target.title()
                                + (names.isEmpty()
                                        ? " has no name"
                                        : " has the name " + names.get(0) + ", which does not lead back to it"),
                        evidence)
                .withFix(reverse.get() + ". 3600 IN PTR " + target.host() + "."));
    }
}
