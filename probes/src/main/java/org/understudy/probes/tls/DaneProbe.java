package org.understudy.probes.tls;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Baselines;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.probes.dns.TlsaLookup;
import org.understudy.probes.dns.TlsaLookup.Published;
import org.understudy.probes.dns.TlsaLookup.State;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.StartTlsTrial.Outcome;

/**
 * Looks up the TLSA records of every exchanger as a sender does that holds to DANE (RFC 7672), and whether the certificates that
 * are presented are those. Needs trust anchors.
 */
public final class DaneProbe extends DomainProbe {
    private final MailDomain domain;
    private final DnsSettings dns;
    private final Handshakes handshakes;
    private final KeyHistory keys;
    private final DaneJudge judge;

    public DaneProbe(MailDomain domain, DnsSettings dns, Handshakes handshakes, Baselines baselines, Clock clock) {
        super("tls", domain.name(), "dane", clock);
        this.domain = domain;
        this.dns = dns;
        this.handshakes = handshakes;
        this.keys = new KeyHistory(baselines);
        this.judge = new DaneJudge(clock);
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        new Look(result, deadline).look();
    }

    /** One run. */
    private final class Look {
        private final ResultBuilder result;
        private final Deadline deadline;
        private final TlsaLookup lookup;
        private final RecordLookup records;
        private final Map<Exchanger, Published> all = new LinkedHashMap<>();

        Look(ResultBuilder result, Deadline deadline) {
            this.result = result;
            this.deadline = deadline;
            this.lookup = new TlsaLookup(dns, deadline, clock());
            this.records = new RecordLookup(dns, deadline);
        }

        void look() {
            Optional<String> objection = lookup.objection();
            if (objection.isPresent()) {
                // Without signatures at hand nothing could be told from a forgery.
                result.unknown(objection.get());
                return;
            }
            domain.exchangers().stream()
                    .filter(e -> e.role() != Role.TARPIT)
                    .forEach(e -> all.put(e, lookup.published(e.host(), e.port())));
            all.forEach(this::judge);
            List<Published> proved =
                    all.values().stream().filter(p -> p.state() == State.PROVED).toList();
            if (!proved.isEmpty() && lookup.isExchangeUnsigned(domain.name())) {
                result.finding(DaneJudge.exchangeUnsigned(domain.name(), proved));
            }
        }

        private void judge(Exchanger exchanger, Published published) {
            result.fact(
                    published.owner() + " TLSA",
                    published.state().name().toLowerCase(Locale.ROOT) + " " + published.records());
            switch (published.state()) {
                case PROVED -> proved(exchanger, published);
                case ABSENT, UNSIGNED -> absent(exchanger, published);
                case UNPROVED -> {
                    boolean worse = protectedEntrance(exchanger).isPresent();
                    result.finding(DaneJudge.unproved(exchanger, published, worse ? Severity.WARNING : Severity.INFO));
                }
                case BROKEN -> result.finding(DaneJudge.denialBroken(exchanger, published));
                case UNKNOWN -> result.unknown(published.detail());
            }
        }

        /** An entrance that senders authenticate, if the exchanger is a backup. */
        private Optional<Exchanger> protectedEntrance(Exchanger exchanger) {
            return all.entrySet().stream()
                    .filter(e -> exchanger.role() == Role.BACKUP)
                    .filter(e -> e.getKey().role().isEntrance() && e.getValue().state() == State.PROVED)
                    .filter(e -> new TlsaSet(e.getValue().records()).isUsable())
                    .map(Map.Entry::getKey)
                    .findFirst();
        }

        private void absent(Exchanger exchanger, Published published) {
            Optional<Exchanger> entrance = protectedEntrance(exchanger);
            if (entrance.isPresent()) {
                Optional<X509Certificate> leaf = endpoints(exchanger).stream()
                        .map(e -> handshakes.inTurn(
                                e,
                                deadline,
                                () -> chain(handshakes.usual(e, Handshakes.RECENT, deadline)),
                                List::<X509Certificate>of))
                        .filter(chain -> !chain.isEmpty())
                        .map(chain -> chain.get(0))
                        .findFirst();
                result.finding(DaneJudge.missing(exchanger, published, entrance.get(), leaf));
            }
        }

        private void proved(Exchanger exchanger, Published published) {
            TlsaSet set = new TlsaSet(published.records());
            if (!set.isUsable()) {
                result.finding(DaneJudge.unusable(exchanger, published));
                return;
            }
            DaneCheck check = check(exchanger, published, set);
            boolean accepted = false;
            for (SmtpEndpoint endpoint : endpoints(exchanger)) {
                List<X509Certificate> chain = handshakes.inTurn(
                        endpoint,
                        deadline,
                        () -> authenticate(exchanger, endpoint, published, check),
                        () -> tooLate(endpoint));
                if (!accepted && !chain.isEmpty()) {
                    accepted = true;
                    boolean kept = keys.isKept(published.owner(), chain.get(0));
                    judge.rollover(exchanger, published, check, chain, kept).ifPresent(result::finding);
                }
            }
        }

        private List<X509Certificate> tooLate(SmtpEndpoint endpoint) {
            result.unknown("the sessions that are allowed with " + endpoint + " were taken all the time");
            return List.of();
        }

        private DaneCheck check(Exchanger exchanger, Published published, TlsaSet set) {
            return new DaneCheck(set, List.of(published.base(), exchanger.host(), domain.name()), clock().instant());
        }

        /** The chain that an address presents, if it is accepted; whatever is wrong goes into the result. */
        private List<X509Certificate> authenticate(
                Exchanger exchanger, SmtpEndpoint endpoint, Published published, DaneCheck check) {
            Outcome outcome = handshakes.usual(endpoint, Handshakes.RECENT, deadline);
            if (!isAccepted(outcome, check)) {
                // It may have a new certificate since.
                outcome = handshakes.usual(endpoint, Handshakes.FRESH, deadline);
            }
            if (isAccepted(outcome, check)) {
                return chain(outcome);
            }
            SmtpFailure.Kind failure = outcome.failure().map(SmtpFailure::kind).orElse(SmtpFailure.Kind.PROTOCOL);
            List<X509Certificate> chain = chain(outcome);
            if (!chain.isEmpty()) {
                if (isStale(exchanger, published, chain)) {
                    result.fact(endpoint.toString(), "the resolver still has records that have been replaced");
                } else {
                    result.finding(DaneJudge.mismatch(exchanger, endpoint, published, check, chain));
                }
            } else if (failure == SmtpFailure.Kind.TLS && !outcome.offered()) {
                String transcript = outcome.transcript().toString();
                result.finding(DaneJudge.withoutTls(exchanger, endpoint, published, transcript));
            } else if (failure == SmtpFailure.Kind.DEADLINE) {
                result.unknown("the time was over before " + endpoint + " had begun TLS");
            }
            return List.of();
        }

        /** True if every server of the zone has records that fit. */
        private boolean isStale(Exchanger exchanger, Published published, List<X509Certificate> chain) {
            List<List<TlsaRecord>> now = lookup.everywhere(published);
            return !now.isEmpty()
                    && now.stream()
                            .allMatch(r -> check(exchanger, published, new TlsaSet(r))
                                    .accepting(chain)
                                    .isPresent());
        }

        private static boolean isAccepted(Outcome outcome, DaneCheck check) {
            List<X509Certificate> chain = chain(outcome);
            return !chain.isEmpty() && check.accepting(chain).isPresent();
        }

        private static List<X509Certificate> chain(Outcome outcome) {
            return outcome.tls().map(tls -> tls.chain()).orElse(List.of());
        }

        private List<SmtpEndpoint> endpoints(Exchanger exchanger) {
            Found<InetAddress> addresses = records.addresses(exchanger.host());
            if (!addresses.isKnown()) {
                result.unknown("the addresses of " + exchanger.host() + " cannot be found out: " + addresses.detail());
            }
            List<SmtpEndpoint> endpoints = new ArrayList<>();
            addresses
                    .values()
                    .forEach(
                            a -> endpoints.add(new SmtpEndpoint(exchanger.host().text(), a, exchanger.port())));
            return endpoints;
        }
    }
}
