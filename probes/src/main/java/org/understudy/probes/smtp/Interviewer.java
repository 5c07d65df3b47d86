package org.understudy.probes.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.Exchanger;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TlsPolicy;

/** Opens a session with every address of an exchanger, each by itself, and asks. One for all domains. Thread-safe. */
final class Interviewer {
    private final SmtpProbeSettings settings;
    private final AddressLookup addresses;
    private final SessionGate gate;
    private final Vantage vantage;
    private final Clock clock;

    Interviewer(SmtpProbeSettings settings, AddressLookup addresses, SessionGate gate, Clock clock) {
        this.settings = settings;
        this.addresses = addresses;
        this.gate = gate;
        this.vantage = new Vantage(settings, addresses, clock);
        this.clock = clock;
    }

    Vantage vantage() {
        return vantage;
    }

    /** True if all sessions that are allowed with one of these are taken. */
    boolean isBusy(List<AddressAnswers> known) {
        return known.stream().map(AddressAnswers::endpoint).anyMatch(gate::isFull);
    }

    /**
     * One round.
     *
     * @param full noted in the answers
     * @param serial noted in the answers
     */
    HostAnswers round(
            Exchanger exchanger, boolean full, long serial, Function<SmtpSession, Said> talk, Deadline deadline) {
        Instant at = clock.instant();
        List<InetAddress> found;
        try {
            found = addresses.addresses(exchanger.host());
        } catch (IOException e) {
            return HostAnswers.none(
                    serial,
                    at,
                    List.of(),
                    "the addresses of " + exchanger.host() + " cannot be found out: " + e.getMessage());
        }
        List<InetAddress> outOfReach =
                found.stream().filter(Vantage::lacksFamilyOf).toList();
        List<InetAddress> reachable = new ArrayList<>(found);
        reachable.removeAll(outOfReach);
        if (reachable.isEmpty()) {
            // The DNS probe answers for a host without any address.
            return HostAnswers.none(
                    serial,
                    at,
                    outOfReach,
                    found.isEmpty()
                            ? exchanger.host() + " has no address in DNS"
                            : exchanger.host() + " has IPv6 addresses only, and this machine has no IPv6");
        }
        List<AddressAnswers> answers = new ArrayList<>();
        for (InetAddress address : reachable) {
            SmtpEndpoint endpoint = new SmtpEndpoint(exchanger.host().text(), address, exchanger.port());
            Duration share = deadline.remaining().dividedBy(reachable.size() - answers.size());
            Optional<AddressAnswers> one = gate.through(
                    endpoint,
                    deadline,
                    () -> Optional.of(converse(endpoint, talk, Deadline.after(share))),
                    Optional::empty);
            if (one.isEmpty()) {
                return HostAnswers.none(
                        serial,
                        at,
                        outOfReach,
                        "the " + settings.sessionsPerServer() + " sessions that are allowed with " + endpoint
                                + " were taken all the time");
            }
            answers.add(one.get());
        }
        HostAnswers round = new HostAnswers(serial, at, full, answers, outOfReach, Optional.empty());
        return round;
    }

    private AddressAnswers converse(SmtpEndpoint endpoint, Function<SmtpSession, Said> talk, Deadline deadline) {
        SmtpClientSettings client = settings.client();
        SessionOpening opening = SmtpSession.open(endpoint, client, deadline);
        Optional<SmtpFailure> tlsFailure = opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS);
        String transcript = "";
        if (tlsFailure.isPresent()) {
            transcript = opening.transcript().toString();
            opening = SmtpSession.open(
                    endpoint, new SmtpClientSettings(client.ehloName(), TlsPolicy.NONE, client.timeouts()), deadline);
        }
        if (opening.session().isEmpty()) {
            return answers(endpoint, opening, tlsFailure, Said.NOTHING, transcript + opening.transcript());
        }
        SmtpSession session = opening.session().get();
        Said said;
        try (session) {
            said = talk.apply(session);
        }
        return answers(endpoint, opening, tlsFailure, said, transcript + session.transcript());
    }

    private static AddressAnswers answers(
            SmtpEndpoint endpoint,
            SessionOpening opening,
            Optional<SmtpFailure> tlsFailure,
            Said said,
            String transcript) {
        return new AddressAnswers(
                endpoint,
                opening.failure(),
                tlsFailure,
                opening.greeting(),
                opening.inClear(),
                opening.capabilities(),
                opening.tls(),
                opening.session().map(SmtpSession::localAddress),
                said.asked(),
                said.size(),
                said.brokenOff(),
                opening.transcript().phases(),
                transcript);
    }
}
