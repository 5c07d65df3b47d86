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
    private final Footprints footprints;
    private final Clock clock;

    Interviewer(SmtpProbeSettings settings, AddressLookup addresses, SessionGate gate, Clock clock) {
        this.settings = settings;
        this.addresses = addresses;
        this.gate = gate;
        this.vantage = new Vantage(settings, addresses, clock);
        this.footprints = new Footprints(clock);
        this.clock = clock;
    }

    Vantage vantage() {
        return vantage;
    }

    Footprints footprints() {
        return footprints;
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
     * @param secured what is known of an address from a session with TLS that is good enough; empty to make a handshake
     */
    HostAnswers round(
            Exchanger exchanger,
            boolean full,
            long serial,
            Function<SmtpEndpoint, Optional<AddressAnswers>> secured,
            Function<SmtpSession, Said> talk,
            Deadline deadline) {
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
                    () -> Optional.of(converse(endpoint, secured.apply(endpoint), talk, Deadline.after(share))),
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
        return new HostAnswers(serial, at, full, answers, outOfReach, Optional.empty());
    }

    /** What is refused in the clear may be taken in private: whoever does not take mail is asked again with TLS. */
    private AddressAnswers converse(
            SmtpEndpoint endpoint,
            Optional<AddressAnswers> secured,
            Function<SmtpSession, Said> talk,
            Deadline deadline) {
        if (secured.isEmpty()) {
            return privately(endpoint, talk, deadline, "");
        }
        AddressAnswers open = talkTo(endpoint, inClear(), Optional.empty(), talk, deadline, "");
        return open.bearsOut(secured.get())
                ? open.withTlsOf(secured.get())
                : privately(endpoint, talk, deadline, open.transcript());
    }

    /** With TLS if that is offered and works. */
    private AddressAnswers privately(
            SmtpEndpoint endpoint, Function<SmtpSession, Said> talk, Deadline deadline, String before) {
        SessionOpening opening = SmtpSession.open(endpoint, settings.client(), deadline);
        Optional<SmtpFailure> tlsFailure = opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS);
        return tlsFailure.isPresent()
                ? talkTo(endpoint, inClear(), tlsFailure, talk, deadline, before + opening.transcript())
                : talkIn(opening, endpoint, tlsFailure, talk, before);
    }

    private SmtpClientSettings inClear() {
        SmtpClientSettings client = settings.client();
        return new SmtpClientSettings(client.ehloName(), TlsPolicy.NONE, client.timeouts());
    }

    private AddressAnswers talkTo(
            SmtpEndpoint endpoint,
            SmtpClientSettings client,
            Optional<SmtpFailure> tlsFailure,
            Function<SmtpSession, Said> talk,
            Deadline deadline,
            String before) {
        return talkIn(SmtpSession.open(endpoint, client, deadline), endpoint, tlsFailure, talk, before);
    }

    private AddressAnswers talkIn(
            SessionOpening opening,
            SmtpEndpoint endpoint,
            Optional<SmtpFailure> tlsFailure,
            Function<SmtpSession, Said> talk,
            String before) {
        if (opening.session().isEmpty()) {
            opening.failure().ifPresent(failure -> footprints.notOpened(endpoint, failure));
            return answers(endpoint, opening, tlsFailure, Said.NOTHING, before + opening.transcript());
        }
        SmtpSession session = opening.session().get();
        Said said;
        try (session) {
            said = talk.apply(session);
        }
        footprints.talked(endpoint, said.toll());
        return answers(endpoint, opening, tlsFailure, said, before + session.transcript());
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
                false,
                opening.localAddress(),
                said.asked(),
                said.size(),
                said.brokenOff(),
                opening.transcript().phases(),
                transcript);
    }
}
