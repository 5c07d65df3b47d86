package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TlsDetails;

/**
 * What one address of an exchanger said in one session. Immutable.
 *
 * @param failure why there was no session
 * @param tlsFailure why STARTTLS did not work, although it was offered; the session then went on in the clear
 * @param inClear what EHLO offered before STARTTLS
 * @param offered what the last EHLO offered
 * @param assumesTls true if the session was in the clear, and what is said of TLS is of an earlier one
 * @param ours from which address was asked; empty if there was no connection
 * @param asked in the order in which it was asked
 * @param size the longest message it takes; empty if not known, or not asked for
 * @param brokenOff why the questions ended early
 * @param phases time spent per stage
 * @param transcript of all that was said
 */
record AddressAnswers(
        SmtpEndpoint endpoint,
        Optional<SmtpFailure> failure,
        Optional<SmtpFailure> tlsFailure,
        Optional<Reply> greeting,
        Capabilities inClear,
        Capabilities offered,
        Optional<TlsDetails> tls,
        boolean assumesTls,
        Optional<InetAddress> ours,
        List<Asked> asked,
        Optional<SizeLimit> size,
        Optional<String> brokenOff,
        Map<SmtpStage, Duration> phases,
        String transcript) {
    AddressAnswers {
        asked = List.copyOf(asked);
        phases = Collections.unmodifiableMap(new TreeMap<>(phases));
    }

    /**
     * True if this session in the clear shows nothing that is not known of an earlier one with TLS: the same is offered, and mail is
     * taken.
     */
    boolean bearsOut(AddressAnswers secured) {
        return isOpen()
                && brokenOff.isEmpty()
                && asked.stream().anyMatch(a -> a.isTaken() && a.topic() != Topic.SENDER)
                && asked.stream().allMatch(Asked::isTaken)
                && inClear.extensions().equals(secured.inClear.extensions());
    }

    /** The same with what an earlier session has shown of TLS and behind it. */
    AddressAnswers withTlsOf(AddressAnswers secured) {
        return new AddressAnswers(
                endpoint,
                failure,
                tlsFailure,
                greeting,
                inClear,
                secured.offered,
                secured.tls,
                true,
                ours,
                asked,
                size,
                brokenOff,
                phases,
                transcript);
    }

    /** True if there was a session. */
    boolean isOpen() {
        return failure.isEmpty();
    }

    List<Asked> all(Topic topic) {
        return asked.stream().filter(a -> a.topic() == topic).toList();
    }

    Optional<Asked> first(Topic topic) {
        return asked.stream().filter(a -> a.topic() == topic).findFirst();
    }

    boolean any(Topic topic, Predicate<Asked> test) {
        return asked.stream().anyMatch(a -> a.topic() == topic && test.test(a));
    }

    /** What a refusal means, knowing from where was asked. */
    Standing standing(Reply reply) {
        return ours.map(address -> Standing.of(reply, address)).orElseGet(() -> Standing.of(reply));
    }

    /** The slowest of the questions. */
    Duration slowestAnswer() {
        return asked.stream().map(Asked::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The name that the server gives itself in its greeting. */
    Optional<String> ownName() {
        return greeting.map(g -> g.lines().get(0).strip().split("\\s+", 2)[0]).filter(name -> name.contains("."));
    }

    /** Those with a session. */
    static List<AddressAnswers> open(Collection<AddressAnswers> all) {
        return all.stream().filter(AddressAnswers::isOpen).toList();
    }
}
