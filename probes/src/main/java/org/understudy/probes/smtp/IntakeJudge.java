package org.understudy.probes.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.HostHistory.State;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.smtp.Reply;

/**
 * Judges whether an exchanger that answers takes mail, too. What it says of one recipient, or of our sender alone, is said of those;
 * only who refuses all that must be taken, takes no mail. Stateless apart from the log.
 */
final class IntakeJudge {
    /** Greylisting lets the second try through after this at the latest, also where it does not say its name. */
    private static final Duration GREYLISTING = Duration.ofMinutes(15);
    /** A backup may have its reasons for so long. */
    private static final Duration BACKUP_PATIENCE = Duration.ofMinutes(30);

    private static final Duration LATELY = Duration.ofDays(1);
    /** RFC 3463 section 3.4: something is wrong with the mail system. */
    private static final int MAIL_SYSTEM = 3;

    /** Postscreen says 4.3.2 to clients whom it does not know yet. */
    private static final int NOT_FOR_STRANGERS = 2;

    private static final int SERVICE_CLOSING = 421;

    private final DomainHosts hosts;
    private final Exchanger exchanger;
    private final StateLog log;

    IntakeJudge(DomainHosts hosts, Exchanger exchanger, StateLog log) {
        this.hosts = hosts;
        this.exchanger = exchanger;
        this.log = log;
    }

    /** What speaks against the sender of the probe; nothing follows from it for others. */
    static Optional<String> againstSender(AddressAnswers address) {
        return address.first(Topic.SENDER)
                .filter(a -> !a.isTaken() && address.any(Topic.NULL_SENDER, Asked::isTaken))
                .map(a -> a.reply() + "; set probes.sessions.sender to an address of yours that exists");
    }

    /** Why nothing follows from what was answered; empty if something does. */
    static Optional<String> objection(AddressAnswers address) {
        return takesMail(address)
                ? Optional.empty()
                : decisive(address).stream()
                        .filter(a -> address.standing(a.reply()) == Standing.AGAINST_US)
                        .findFirst()
                        .map(a -> address.endpoint() + " says to " + a.subject() + ": " + a.reply()
                                + ": that is about where is asked from");
    }

    /** What an open session says of the exchanger; empty if nothing. */
    static Optional<State> state(AddressAnswers address) {
        if (takesMail(address)) {
            return Optional.of(State.ANSWERING);
        }
        boolean unclear = objection(address).isPresent()
                || decisive(address).stream().anyMatch(a -> a.standing() == Standing.GREYLISTED);
        return unclear ? Optional.empty() : Optional.of(State.HALF_UP);
    }

    private static boolean takesMail(AddressAnswers address) {
        List<Asked> decisive = decisive(address);
        return decisive.isEmpty()
                || decisive.stream().anyMatch(Asked::isTaken)
                || address.any(Topic.NULL_SENDER, Asked::isTaken);
    }

    /** The answers by which mail as such is taken or not. */
    private static List<Asked> decisive(AddressAnswers address) {
        List<Asked> recipients = new ArrayList<>(address.all(Topic.KNOWN));
        recipients.addAll(address.all(Topic.POSTMASTER));
        return recipients.isEmpty() ? address.all(Topic.SENDER) : recipients;
    }

    /** After the state was logged. */
    void judge(ResultBuilder result, List<AddressAnswers> open) {
        List<AddressAnswers> halfUp = open.stream()
                .filter(a -> state(a).filter(s -> s == State.HALF_UP).isPresent())
                .toList();
        if (halfUp.isEmpty()) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : halfUp) {
            decisive(address)
                    .forEach(a -> evidence.put(
                            address.endpoint() + " " + a.subject(), a.reply().toString()));
        }
        if (exchanger.role().isEntrance()) {
            entrance(result, halfUp, evidence);
        } else if (exchanger.role() == Role.BACKUP) {
            backup(result, halfUp, evidence);
        }
    }

    private void entrance(ResultBuilder result, List<AddressAnswers> halfUp, Map<String, String> evidence) {
        boolean certain = halfUp.stream().flatMap(a -> decisive(a).stream()).anyMatch(a -> isGrave(a.reply()))
                || log.was(State.ANSWERING, LATELY)
                || log.lasting(State.HALF_UP).compareTo(GREYLISTING) >= 0;
        if (certain) {
            result.finding(Finding.of(
                    FindingType.PRIMARY_HALF_UP,
                    exchanger.host().text(),
                    "The " + exchanger.role().word() + " " + exchanger.host() + " answers, and takes no mail: "
                            + evidence.values().iterator().next(),
                    evidence));
        } else {
            result.fact("puts mail off, as for strangers", evidence.toString());
        }
    }

    /** A backup that refuses for good is a matter of its answers. */
    private void backup(ResultBuilder result, List<AddressAnswers> halfUp, Map<String, String> evidence) {
        boolean putsOff =
                halfUp.stream().flatMap(a -> decisive(a).stream()).allMatch(a -> a.standing() == Standing.PUT_OFF);
        boolean meant = hosts.intent().defersWhilePrimaryUp() && hosts.isEntranceUp();
        if (putsOff && !meant && log.lasting(State.HALF_UP).compareTo(BACKUP_PATIENCE) >= 0) {
            result.finding(Finding.of(
                    FindingType.SMTP_SERVICE_UNAVAILABLE_4XX,
                    exchanger.host().text(),
                    "The backup " + exchanger.host() + " puts every recipient off: "
                            + evidence.values().iterator().next(),
                    evidence));
        }
    }

    private static boolean isGrave(Reply reply) {
        return reply.isPermanent()
                || reply.code() == SERVICE_CLOSING
                || reply.enhancedCode()
                        .filter(c -> c.subject() == MAIL_SYSTEM && c.detail() != NOT_FOR_STRANGERS)
                        .isPresent();
    }
}
