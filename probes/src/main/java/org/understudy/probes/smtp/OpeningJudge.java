package org.understudy.probes.smtp;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.HostHistory.State;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpFailure;

/** Judges how sessions with an exchanger begin, or do not. Stateless apart from the log. */
final class OpeningJudge {
    /** Senders that retry for hours only, begin to give up. */
    private static final Duration TOO_LONG = Duration.ofMinutes(30);

    private final DomainHosts hosts;
    private final Exchanger exchanger;
    private final StateLog log;

    OpeningJudge(DomainHosts hosts, Exchanger exchanger, StateLog log) {
        this.hosts = hosts;
        this.exchanger = exchanger;
        this.log = log;
    }

    void handshake(ResultBuilder result, AddressAnswers address) {
        address.tlsFailure()
                .ifPresent(failure -> result.finding(Finding.of(
                        FindingType.TLS_HANDSHAKE_FAILS,
                        address.endpoint().toString(),
                        address.endpoint() + " offers STARTTLS, and it does not work: " + failure.detail(),
                        Map.of(address.endpoint().toString(), failure.toString()))));
    }

    /** What it says of the exchanger that this address gave no session; empty if nothing. */
    Optional<State> refusal(ResultBuilder result, AddressAnswers address) {
        SmtpFailure failure = address.failure().orElseThrow();
        Optional<Reply> reply = failure.reply().filter(r -> failure.kind() == SmtpFailure.Kind.REPLY);
        if (reply.isEmpty()) {
            return Optional.of(State.SILENT);
        }
        String what = address.endpoint() + " answers " + failure.stage() + " with " + reply.get();
        if (address.standing(reply.get()) == Standing.AGAINST_US) {
            result.unknown(what + ": that is about where is asked from");
            return Optional.empty();
        }
        if (reply.get().isTransient() && isMeant()) {
            result.fact("puts mail off on purpose", reply.get().toString());
            return Optional.empty();
        }
        FindingType type = reply.get().isPermanent()
                ? FindingType.SMTP_GREETING_HARD_REJECT
                : FindingType.SMTP_SERVICE_UNAVAILABLE_4XX;
        Finding finding = Finding.of(
                type,
                address.endpoint().toString(),
                what,
                Map.of(failure.stage().name(), reply.get().toString()));
        boolean grave = hosts.isCounterpartDown(exchanger)
                || log.lasting(State.DEFERRING).compareTo(TOO_LONG) > 0;
        result.finding(grave ? finding.withSeverity(Severity.CRITICAL) : finding);
        return Optional.of(reply.get().isPermanent() ? State.SILENT : State.DEFERRING);
    }

    /** Of a primary that was not asked yet nobody knows that it is down. */
    private boolean isMeant() {
        return exchanger.role() == Role.BACKUP && hosts.intent().defersWhilePrimaryUp() && !hosts.isEntranceDown();
    }

    void unreachable(ResultBuilder result, Map<String, String> failed) {
        result.finding(Finding.of(
                exchanger.role().isEntrance()
                        ? FindingType.PRIMARY_SMTP_UNREACHABLE
                        : FindingType.BACKUP_SMTP_UNREACHABLE,
                exchanger.host().text(),
                "The " + exchanger.role().word() + " " + exchanger.host() + " does not answer: "
                        + failed.values().iterator().next(),
                failed));
    }
}
