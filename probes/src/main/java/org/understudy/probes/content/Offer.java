package org.understudy.probes.content;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.Exchanger;
import org.understudy.probes.canary.QueueIds;
import org.understudy.probes.content.Answer.Kind;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;

/**
 * Hands samples to one exchanger, through the gate that all probes go through, and in a further session what one that the server
 * broke off left. Confined to one thread; used once.
 */
final class Offer {
    private final Exchanger exchanger;
    private final Function<Sample, SampleMessage> messages;
    private final SmtpQuestioner questioner;
    private final AddressLookup addresses;
    private final Deadline deadline;
    private final Deque<Sample> pending;
    private final List<Answer> answers = new ArrayList<>();
    private final StringBuilder transcript = new StringBuilder();
    private String trouble = "there was no time left";

    Offer(
            Exchanger exchanger,
            List<Sample> samples,
            Function<Sample, SampleMessage> messages,
            SmtpQuestioner questioner,
            AddressLookup addresses,
            Deadline deadline) {
        this.exchanger = exchanger;
        this.pending = new ArrayDeque<>(samples);
        this.messages = messages;
        this.questioner = questioner;
        this.addresses = addresses;
        this.deadline = deadline;
    }

    /** An answer for each sample, in their order. */
    List<Answer> make() {
        boolean goesOn = true;
        while (goesOn && !pending.isEmpty() && !deadline.isPassed()) {
            goesOn = oneSession();
        }
        pending.forEach(sample -> answers.add(Answer.unknown(host(), sample, trouble)));
        return answers;
    }

    String transcript() {
        return transcript.toString();
    }

    private DomainName host() {
        return exchanger.host();
    }

    /** With the first address that gives one; true if one did, and at least one sample was offered. */
    private boolean oneSession() {
        List<InetAddress> found;
        try {
            found = addresses.addresses(host());
        } catch (IOException e) {
            trouble = "the addresses of " + host() + " cannot be found out: " + e.getMessage();
            return false;
        }
        if (found.isEmpty()) {
            trouble = host() + " has no address";
        }
        for (InetAddress address : found) {
            SmtpEndpoint endpoint = new SmtpEndpoint(host().text(), address, exchanger.port());
            boolean talked = questioner.gate().through(endpoint, deadline, () -> talk(endpoint), () -> {
                trouble = "the sessions that are allowed with " + endpoint + " were taken all the time";
                return false;
            });
            if (talked) {
                return true;
            }
        }
        return false;
    }

    private boolean talk(SmtpEndpoint endpoint) {
        SessionOpening opening = open(endpoint);
        if (opening.session().isEmpty()) {
            transcript.append(opening.transcript());
            trouble = endpoint + ": "
                    + opening.failure().map(SmtpFailure::toString).orElse("no session");
            return false;
        }
        SmtpSession session = opening.session().get();
        try (session) {
            boolean usable = true;
            while (usable && !pending.isEmpty()) {
                usable = offer(session, pending.removeFirst());
            }
        }
        transcript.append(session.transcript());
        return true;
    }

    /** Where TLS fails though nobody asked for it, senders go on without. */
    private SessionOpening open(SmtpEndpoint endpoint) {
        SmtpClientSettings client = questioner.settings().client();
        SessionOpening opening = SmtpSession.open(endpoint, client, deadline);
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (!tlsFailed || client.tls() != TlsPolicy.OPPORTUNISTIC) {
            return opening;
        }
        transcript.append(opening.transcript());
        return SmtpSession.open(
                endpoint, new SmtpClientSettings(client.ehloName(), TlsPolicy.NONE, client.timeouts()), deadline);
    }

    private boolean offer(SmtpSession session, Sample sample) {
        SampleMessage message = messages.apply(sample);
        TransactionResult result = session.send(
                message.envelope(),
                message.content(session.capabilities().offers("8BITMIME")),
                TransactionObserver.NONE);
        answers.add(answer(sample, result, session.localAddress()));
        return result.sessionUsable();
    }

    private Answer answer(Sample sample, TransactionResult result, InetAddress ours) {
        Optional<Reply> reply = result.reply();
        String words = reply.map(Reply::toString)
                .or(() -> result.failure().map(SmtpFailure::toString))
                .orElse("no reply");
        Kind kind = switch (result.outcome()) {
            case ACCEPTED -> Kind.TAKEN;
            case REFUSED ->
                reply.map(r -> refusal(sample, result.stage(), r, ours)).orElse(Kind.UNKNOWN);
            case BROKEN_BEFORE_DOT, AMBIGUOUS -> Kind.UNKNOWN;
        };
        String queueId =
                kind == Kind.TAKEN ? reply.map(r -> QueueIds.in(r.text())).orElse("") : "";
        return new Answer(host(), sample, kind, result.stage().name(), words, queueId);
    }

    /** What is refused before the content is seen, or for where it comes from, says nothing of the content; except of its size. */
    private static Kind refusal(Sample sample, SmtpStage stage, Reply reply, InetAddress ours) {
        boolean size = sample == Sample.LARGE && stage == SmtpStage.MAIL;
        if (stage != SmtpStage.DATA && stage != SmtpStage.DOT && stage != SmtpStage.CONTENT && !size) {
            return Kind.UNKNOWN;
        }
        if (sample.isBenign() && SmtpQuestioner.isAboutUs(reply, ours)) {
            return Kind.UNKNOWN;
        }
        return reply.isPermanent() ? Kind.REFUSED : Kind.PUT_OFF;
    }
}
