package org.understudy.probes.dns;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.Validator.Proof;
import org.understudy.probes.dns.Validator.Validated;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Type;

/** Validates the MX records and the addresses of the exchangers by itself, as a validating sender does. */
public final class DnssecProbe extends DnsProbe {
    private static final Duration SOON = Duration.ofDays(3);
    private static final int QUARTER = 4;

    private final MailDomain domain;
    private final DnsSettings settings;
    private final Clock clock;

    public DnssecProbe(MailDomain domain, DnsSettings settings, Clock clock) {
        super(domain, "dnssec", settings, clock);
        this.domain = domain;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    void look(ResultBuilder result, Inquiry inquiry) {
        Optional<InetSocketAddress> resolver = inquiry.resolvers().stream().findFirst();
        if (resolver.isEmpty()) {
            result.unknown("there is no resolver");
            return;
        }
        Validator validator = new Validator(resolver.get(), settings, clock);
        Optional<String> objection = validator.objection();
        if (objection.isPresent()) {
            // Without signatures at hand every signed name would look broken.
            result.unknown(objection.get());
            return;
        }
        Proof exchange = check(result, validator, domain.name(), Type.MX);
        Map<Exchanger, Proof> hosts = new LinkedHashMap<>();
        for (Exchanger exchanger : domain.exchangers()) {
            if (inquiry.isOver()) {
                result.unknown("the time was over before every exchanger was validated");
                return;
            }
            Proof v4 = check(result, validator, exchanger.host(), Type.A);
            Proof v6 = check(result, validator, exchanger.host(), Type.AAAA);
            hosts.put(exchanger, v4 == Proof.SECURE ? v6 : v4);
        }
        if (exchange == Proof.SECURE) {
            insecure(result, hosts);
        }
    }

    private Proof check(ResultBuilder result, Validator validator, DomainName name, int type) {
        String what = name + " " + Type.string(type);
        Validated validated = validator.validate(name, type);
        result.fact(what, validated.proof().name().toLowerCase(java.util.Locale.ROOT));
        switch (validated.proof()) {
            case BOGUS ->
                result.finding(Finding.of(
                        FindingType.DNSSEC_BOGUS,
                        what,
                        "The signatures of " + what + " do not hold: " + validated.reason(),
                        Map.of(what, validated.reason())));
            case UNKNOWN -> result.unknown(what + " cannot be validated: " + validated.reason());
            case SECURE -> {
                List<RRSIGRecord> signatures = new ArrayList<>(validated.signatures());
                if (type == Type.MX) {
                    signatures.addAll(validator.keySignatures(name));
                }
                expiring(result, what, signatures);
            }
            case INSECURE -> {}
        }
        return validated.proof();
    }

    /** Three days, or the last quarter of a life that is too short for that. */
    private void expiring(ResultBuilder result, String what, List<RRSIGRecord> signatures) {
        Instant now = clock.instant();
        Map<String, String> evidence = new LinkedHashMap<>();
        for (RRSIGRecord signature : signatures) {
            Duration quarter = Duration.between(signature.getTimeSigned(), signature.getExpire())
                    .dividedBy(QUARTER);
            Duration margin = quarter.compareTo(SOON) < 0 ? quarter : SOON;
            if (now.plus(margin).isAfter(signature.getExpire())) {
                evidence.put(
                        signature.getName() + " RRSIG " + Type.string(signature.getTypeCovered()),
                        "expires " + signature.getExpire() + ", signed " + signature.getTimeSigned() + ", key "
                                + signature.getFootprint());
            }
        }
        if (!evidence.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.DNSSEC_SIGNATURES_EXPIRING, what, "Signatures of " + what + " expire soon", evidence));
        }
    }

    /** Where the MX records are proved, a host that is not takes DANE away from its share of the mail. */
    private void insecure(ResultBuilder result, Map<Exchanger, Proof> hosts) {
        boolean primarySecure =
                hosts.entrySet().stream().anyMatch(e -> e.getKey().role().isEntrance() && e.getValue() == Proof.SECURE);
        hosts.forEach((exchanger, proof) -> {
            if (proof == Proof.INSECURE && exchanger.role() != Role.TARPIT) {
                boolean backup = exchanger.role() == Role.BACKUP;
                result.finding(Finding.of(
                                FindingType.DNSSEC_INSECURE_MX_HOST,
                                exchanger.host().text(),
                                "The addresses of the " + exchanger.role().word() + " " + exchanger.host()
                                        + " are not signed, the MX records of " + domain.name() + " are",
                                Map.of(exchanger.host().text(), "insecure"))
                        .withSeverity(backup && primarySecure ? Severity.WARNING : Severity.INFO));
            }
        });
    }
}
