package org.understudy.probes.dns;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.MXRecord;

/**
 * The MX records as one server gives them.
 *
 * @param server how it is called in evidence
 * @param records by preference, then by name
 */
record MxView(String server, DnsAnswer answer, List<Mx> records) {

    /** One record; the target is lower case and without the trailing dot, empty for a null MX. */
    record Mx(int preference, String target, long ttl) {
        boolean isNull() {
            return target.isEmpty();
        }

        /** By a record of this form Microsoft 365 verifies that a domain is its owner's; it is never used for mail. */
        boolean isVerification() {
            return target.endsWith(".msv1.invalid");
        }

        /** As it would stand in a zone file. */
        String zoneLine(DomainName domain) {
            return domain + ". " + ttl + " IN " + this;
        }

        @Override
        public String toString() {
            return "MX " + preference + " " + target + ".";
        }
    }

    static MxView of(String server, DnsAnswer answer) {
        List<Mx> records = answer.records().stream()
                .filter(MXRecord.class::isInstance)
                .map(MXRecord.class::cast)
                .map(r -> new Mx(
                        r.getPriority(),
                        r.getTarget().toString(true).toLowerCase(Locale.ROOT).replaceFirst("^@$|^\\.$", ""),
                        r.getTTL()))
                .sorted(Comparator.comparingInt(Mx::preference).thenComparing(Mx::target))
                .toList();
        return new MxView(server, answer, records);
    }

    /** Preference and target of each record, without what may differ between servers. */
    String set() {
        return records.stream().map(Mx::toString).collect(Collectors.joining(", "));
    }

    /** As it would stand in a zone file. */
    String zoneLines(DomainName domain) {
        if (records.isEmpty()) {
            return answer.detail();
        }
        return records.stream().map(r -> r.zoneLine(domain)).collect(Collectors.joining("\n"));
    }
}
