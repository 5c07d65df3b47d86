package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.HostHistory;
import org.understudy.probes.HostHistory.State;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.SmtpStage;

/**
 * Opens an SMTP session with every address of an exchanger, each by itself: one bad address of four is a finding, not luck. Asks in
 * it whether mail is taken at all; nothing is sent.
 */
public final class SmtpReachabilityProbe extends DomainProbe {
    private final DomainHosts hosts;
    private final HostInterviews interviews;
    private final Exchanger exchanger;
    private final CertificateCheck certificates;
    private final StateLog log;
    private final OpeningJudge openings;
    private final IntakeJudge intake;
    private final HostJudge host;

    public SmtpReachabilityProbe(DomainHosts hosts, Exchanger exchanger, HostHistory history, Clock clock) {
        super("smtp", hosts.domain().name(), exchanger.host().text(), clock);
        this.hosts = hosts;
        this.interviews = hosts.of(exchanger);
        this.exchanger = exchanger;
        this.certificates = new CertificateCheck(clock);
        this.log = new StateLog(id(), history, clock);
        this.openings = new OpeningJudge(hosts, exchanger, log);
        this.intake = new IntakeJudge(hosts, exchanger, log);
        this.host = new HostJudge(hosts, exchanger, log);
    }

    @Override
    public boolean hasToWait() {
        return interviews.hasToWait();
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        HostAnswers round = interviews.now(deadline);
        if (round.trouble().isPresent()) {
            result.unknown(round.trouble().get());
            return;
        }
        round.addresses().forEach(address -> result.transcript(address.transcript()));
        Optional<String> objection = round.isSilent() ? hosts.vantage().objection(round, deadline) : Optional.empty();
        if (objection.isPresent()) {
            result.unknown(exchanger.host() + " does not answer, but " + objection.get());
            return;
        }
        if (!round.outOfReach().isEmpty()) {
            result.fact(
                    "not looked at, for lack of IPv6 here", round.outOfReach().toString());
        }
        judge(result, round);
    }

    private void judge(ResultBuilder result, HostAnswers round) {
        Map<String, String> failed = new LinkedHashMap<>();
        List<AddressAnswers> open = new ArrayList<>();
        Set<State> states = EnumSet.noneOf(State.class);
        for (AddressAnswers address : round.addresses()) {
            openings.handshake(result, address);
            if (!address.isOpen()) {
                openings.refusal(result, address).ifPresent(state -> {
                    states.add(state);
                    failed.put(
                            address.endpoint().toString(),
                            address.failure().orElseThrow().toString());
                });
            } else {
                open.add(address);
                if (!result.hasFindings()) {
                    describe(result, address);
                }
                certificates.judge(result, address.endpoint(), address.tls());
                host.speed(result, address);
                IntakeJudge.againstSender(address)
                        .ifPresent(why -> result.fact("does not take the sender of the probe", why));
                IntakeJudge.objection(address).ifPresent(result::unknown);
                IntakeJudge.state(address).ifPresent(states::add);
            }
        }
        states.stream().min(State::compareTo).ifPresent(log::saw);
        intake.judge(result, open);
        unanswered(result, failed, open);
        host.judge(result, open);
    }

    private void unanswered(ResultBuilder result, Map<String, String> failed, List<AddressAnswers> open) {
        if (open.isEmpty() && !failed.isEmpty()) {
            openings.unreachable(result, failed);
        } else {
            failed.forEach((endpoint, why) -> result.finding(Finding.of(
                    FindingType.MX_ADDRESS_PARTIALLY_UNREACHABLE,
                    endpoint,
                    endpoint + " does not answer, while another address of " + exchanger.host() + " does",
                    Map.of(endpoint, why))));
        }
    }

    private static void describe(ResultBuilder result, AddressAnswers address) {
        result.fact("address", address.endpoint().toString());
        address.greeting().ifPresent(g -> result.fact("greeting", g.toString()));
        result.fact(
                "extensions", String.join(" ", new TreeMap<>(address.offered().extensions()).keySet()));
        address.tls().ifPresent(tls -> result.fact("tls", tls.protocol() + " " + tls.cipherSuite()));
        double total = 0;
        for (Map.Entry<SmtpStage, Duration> phase : address.phases().entrySet()) {
            double seconds = phase.getValue().toNanos() / 1e9;
            result.measurement(phase.getKey().name().toLowerCase(Locale.ROOT) + "_seconds", seconds);
            total += seconds;
        }
        result.measurement("total_seconds", total);
    }
}
