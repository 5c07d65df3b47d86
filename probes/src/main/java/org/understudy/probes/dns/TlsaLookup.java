package org.understudy.probes.dns;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.dns.Validator.Proof;
import org.understudy.probes.dns.Validator.Validated;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.Type;

/**
 * The TLSA records of exchangers as a sender finds them that holds to DANE, validated from our own trust anchors. The questions
 * of one run; one thread.
 */
public final class TlsaLookup {
    private final Inquiry inquiry;
    private final Optional<Validator> validator;

    /**
     * @throws IllegalArgumentException if the trust anchors cannot be read
     */
    public TlsaLookup(DnsSettings settings, Deadline deadline, Clock clock) {
        this.inquiry = new Inquiry(settings, deadline);
        this.validator = inquiry.resolvers().stream().findFirst().map(r -> new Validator(r, settings, clock));
    }

    /** What a sender comes to know. */
    public enum State {
        /** Records, and the proof that they are those of the zone. */
        PROVED,
        /** The proof that there are none. */
        ABSENT,
        /** Records without a proof: senders do not look at them. */
        UNPROVED,
        /** None, in a zone that could not prove them. */
        UNSIGNED,
        /** The question fails although the host can be found: senders take the host for one that cannot be reached. */
        BROKEN,
        /** We do not know. */
        UNKNOWN
    }

    /**
     * The records of one exchanger.
     *
     * @param owner where they are, or would be
     * @param base the name of the host that they are for, which its certificate may have (RFC 7672 section 3.2.2)
     * @param detail why it is broken or unknown; empty otherwise
     * @param evidence who said what, if it is broken
     */
    public record Published(
            State state,
            DomainName owner,
            DomainName base,
            List<TlsaRecord> records,
            String detail,
            Map<String, String> evidence) {
        public Published {
            records = List.copyOf(records);
            evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
        }
    }

    /** Why nothing can be validated; empty if it can. */
    public Optional<String> objection() {
        return validator.isEmpty()
                ? Optional.of("there is no resolver")
                : validator.get().objection();
    }

    /** True if a domain's zone is not signed, so that anybody could name other exchangers. */
    public boolean isExchangeUnsigned(DomainName domain) {
        return validate(domain, Type.MX).proof() == Proof.INSECURE;
    }

    /** Looks for the records of one host, in the order of RFC 7672 section 2.2. */
    public Published published(DomainName host, int port) {
        Validated v4 = validate(host, Type.A);
        Validated v6 = validate(host, Type.AAAA);
        for (Validated addresses : List.of(v4, v6)) {
            if (addresses.proof() == Proof.UNKNOWN || addresses.proof() == Proof.BOGUS) {
                String why = "the addresses of " + host + " cannot be validated: " + addresses.reason();
                return none(State.UNKNOWN, host, port, why);
            }
        }
        boolean proved = v4.proof() == Proof.SECURE && v6.proof() == Proof.SECURE;
        Set<DomainName> bases = new LinkedHashSet<>();
        if (proved) {
            bases.add(canonical(host, v4.records().isEmpty() ? v6.records() : v4.records()));
            bases.add(host);
        } else if (isProvedAlias(host, v4.records())) {
            bases.add(host);
        }
        if (bases.isEmpty()) {
            return unproved(host, port);
        }
        for (DomainName base : bases) {
            Published published = ask(base, port);
            if (published.state() != State.ABSENT) {
                return published;
            }
        }
        return none(State.ABSENT, host, port, "");
    }

    /** RFC 7672 section 2.2.2: an alias that is proved counts under its own name, wherever it leads. */
    private boolean isProvedAlias(DomainName host, List<Record> records) {
        return records.stream().anyMatch(CNAMERecord.class::isInstance)
                && validate(host, Type.CNAME).proof() == Proof.SECURE;
    }

    private static DomainName canonical(DomainName host, List<Record> records) {
        DomainName name = host;
        // As many steps as there are aliases, so that a loop ends.
        for (int i = 0; i < records.size(); i++) {
            DomainName at = name;
            name = records.stream()
                    .filter(CNAMERecord.class::isInstance)
                    .filter(r -> Inquiry.name(r.getName()).filter(at::equals).isPresent())
                    .flatMap(r -> Inquiry.name(((CNAMERecord) r).getTarget()).stream())
                    .findFirst()
                    .orElse(at);
        }
        return name;
    }

    private Published ask(DomainName base, int port) {
        DomainName owner = owner(base, port);
        Validated validated = validate(owner, Type.TLSA);
        List<TlsaRecord> records = records(validated.records());
        return switch (validated.proof()) {
            case SECURE -> of(records.isEmpty() ? State.ABSENT : State.PROVED, base, port, records);
            case INSECURE -> of(records.isEmpty() ? State.UNSIGNED : State.UNPROVED, base, port, records);
            case BOGUS -> {
                String reason = validated.reason();
                yield new Published(State.BROKEN, owner, base, List.of(), reason, Map.of("validation", reason));
            }
            case UNKNOWN -> failed(base, port, validated.reason());
        };
    }

    /** The resolver has nothing to say: that is the zone's fault if its servers give addresses and fail here. */
    private Published failed(DomainName base, int port, String reason) {
        DomainName owner = owner(base, port);
        Authority authority = inquiry.authority(base);
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("resolver", reason);
        boolean answered = false;
        for (NameServer server : authority.servers()) {
            if (inquiry.authoritative(server, base, Type.A).isConclusive()) {
                DnsAnswer answer = inquiry.authoritative(server, owner, Type.TLSA);
                answered |= answer.isConclusive();
                evidence.put(server.label(), answer.detail());
            }
        }
        boolean broken = evidence.size() > 1 && !answered && !inquiry.isOver();
        return broken
                ? new Published(State.BROKEN, owner, base, List.of(), "every server fails at this question", evidence)
                : none(State.UNKNOWN, base, port, owner + " TLSA cannot be validated: " + reason);
    }

    private Published unproved(DomainName host, int port) {
        List<TlsaRecord> records =
                records(inquiry.resolver(owner(host, port), Type.TLSA).records());
        return of(records.isEmpty() ? State.UNSIGNED : State.UNPROVED, host, port, records);
    }

    /** What each authoritative server has under an owner that is in the zone of a host; those that do not say are left out. */
    public List<List<TlsaRecord>> everywhere(Published published) {
        List<List<TlsaRecord>> all = new ArrayList<>();
        for (NameServer server : inquiry.authority(published.base()).servers()) {
            DnsAnswer answer = inquiry.authoritative(server, published.owner(), Type.TLSA);
            if (answer.isConclusive()) {
                all.add(records(answer.records()));
            }
        }
        return all;
    }

    private static List<TlsaRecord> records(List<Record> records) {
        return records.stream()
                .filter(TLSARecord.class::isInstance)
                .map(r -> record((TLSARecord) r))
                .distinct()
                .sorted(Comparator.comparing(TlsaRecord::toString))
                .toList();
    }

    private static TlsaRecord record(TLSARecord record) {
        return new TlsaRecord(
                record.getCertificateUsage(),
                record.getSelector(),
                record.getMatchingType(),
                HexFormat.of().formatHex(record.getCertificateAssociationData()));
    }

    private static DomainName owner(DomainName host, int port) {
        return new DomainName("_" + port + "._tcp." + host);
    }

    private static Published of(State state, DomainName base, int port, List<TlsaRecord> records) {
        return new Published(state, owner(base, port), base, records, "", Map.of());
    }

    private static Published none(State state, DomainName base, int port, String detail) {
        return new Published(state, owner(base, port), base, List.of(), detail, Map.of());
    }

    private Validated validate(DomainName name, int type) {
        if (validator.isEmpty() || inquiry.isOver()) {
            return Validated.without(Proof.UNKNOWN, "the time was over");
        }
        return validator.get().validate(name, type);
    }
}
