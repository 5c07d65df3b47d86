package org.understudy.probes.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Mailbox;

/**
 * Looks whether an exchanger takes something else than CRLF.CRLF for the end of a message, by which a second message can be smuggled
 * past all checks. Begins a message to the first valid recipient and does not end it: a server that reads it as it should never has
 * a message.
 */
public final class LineEndProbe extends DomainProbe {
    /** RFC 5321 section 4.1.1.4 knows no other end; these are what servers have been seen to take for one. */
    private static final List<String> ENDS = List.of("\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r\n\0.\r\n");

    private final DomainHosts hosts;
    private final Exchanger exchanger;
    private final Duration patience;

    /** @param patience how long is waited for an acknowledgement that should not come */
    public LineEndProbe(DomainHosts hosts, Exchanger exchanger, Duration patience, Clock clock) {
        super("line-ends", hosts.domain().name(), exchanger.host().text(), clock);
        this.hosts = hosts;
        this.exchanger = exchanger;
        this.patience = patience;
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        if (hosts.intent().validRecipients().isEmpty()) {
            result.skip("no valid recipient of " + domain() + " is declared who could get what should not arrive");
            return;
        }
        Mailbox recipient = hosts.intent().validRecipients().get(0);
        HostAnswers round = hosts.of(exchanger).withoutEnd(content(recipient), patience, deadline);
        round.addresses().forEach(a -> result.transcript(a.transcript()));
        if (round.trouble().isPresent()) {
            result.unknown(round.trouble().get());
        } else if (!round.isAnswering()) {
            result.skip(exchanger.host() + " does not answer: there is nobody to ask");
        } else {
            judge(result, round.open());
        }
    }

    private void judge(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> accepted = AnswersJudge.evidence(open, Topic.LINE_END, Asked::isTaken);
        if (!accepted.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.BARE_LF_ACCEPTED,
                    exchanger.host().text(),
                    exchanger.host() + " took a message whose end was never sent: it ends messages at a lone CR or LF",
                    accepted));
        }
        open.stream()
                .filter(a -> !a.any(Topic.KNOWN, Asked::isTaken))
                .forEach(a -> result.unknown(a.endpoint() + " did not let a message begin"));
    }

    private byte[] content(Mailbox recipient) {
        StringBuilder text = new StringBuilder("From: " + recipient + "\r\nTo: " + recipient
                + "\r\nSubject: This message has no end and should not arrive\r\n\r\n");
        for (String end : ENDS) {
            text.append("An end that is none follows.").append(end);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
