package org.understudy.probes.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.understudy.probes.ProbeLoad;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;

/** What the probes have asked of one server lately, and how it took that. Thread-safe. */
final class Footprint {
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Duration SHUT_OUT_WINDOW = Duration.ofHours(24);
    /** A server that shuts somebody out does so at once. */
    private static final Duration AT_ONCE = Duration.ofMinutes(2);
    /** After so many refusals fail2ban shuts a client out, unless it is told otherwise. */
    private static final int MANY_ERRORS = 5;

    private static final int MOST_DISMISSALS = 5;
    private static final Set<SmtpFailure.Kind> NO_CONNECTION =
            Set.of(SmtpFailure.Kind.REFUSED, SmtpFailure.Kind.UNREACHABLE, SmtpFailure.Kind.TIMEOUT);

    /** RFC 3463 section 3.8, and how limits are worded. */
    private static final Pattern TOO_MUCH = Pattern.compile("(?i)\\b4\\.7\\.\\d{1,3}\\b|too (?:many|much|fast)|rate");

    private final SmtpEndpoint endpoint;
    private final Set<String> hosts = new TreeSet<>();
    private final Deque<Minute> minutes = new ArrayDeque<>();
    private final Deque<Dismissal> dismissals = new ArrayDeque<>();
    private final Deque<Instant> shutOut = new ArrayDeque<>();
    private Optional<Instant> manyErrorsAt = Optional.empty();

    Footprint(SmtpEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** All sessions that ended in one minute. */
    private record Minute(Instant begin, int sessions, int unknownRecipients, int mostErrors) {
        Minute with(Toll toll) {
            return new Minute(
                    begin,
                    sessions + 1,
                    unknownRecipients + toll.unknownRecipients(),
                    Math.max(mostErrors, toll.errors()));
        }
    }

    private record Dismissal(Instant at, String words) {}

    synchronized void talked(String host, Instant now, Toll toll) {
        hosts.add(host);
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        Minute last = minutes.peekLast();
        if (last != null && last.begin().equals(minute)) {
            minutes.removeLast();
        } else {
            last = new Minute(minute, 0, 0, 0);
        }
        minutes.addLast(last.with(toll));
        toll.dismissal().ifPresent(reply -> dismissed(now, reply));
        manyErrorsAt = toll.errors() >= MANY_ERRORS ? Optional.of(now) : Optional.empty();
        forget(now);
    }

    synchronized void notOpened(String host, Instant now, SmtpFailure failure) {
        hosts.add(host);
        failure.reply().filter(reply -> reply.code() == 421).ifPresent(reply -> dismissed(now, reply));
        boolean afterErrors = manyErrorsAt
                .filter(at -> at.plus(AT_ONCE).isAfter(now))
                .filter(at -> NO_CONNECTION.contains(failure.kind()))
                .isPresent();
        if (afterErrors) {
            shutOut.addLast(now);
        }
        manyErrorsAt = Optional.empty();
        forget(now);
    }

    private void dismissed(Instant now, Reply reply) {
        if (TOO_MUCH.matcher(reply.text()).find()) {
            dismissals.addLast(new Dismissal(now, reply.toString()));
        }
    }

    private void forget(Instant now) {
        Instant recent = now.minus(WINDOW);
        minutes.removeIf(minute -> minute.begin().isBefore(recent));
        dismissals.removeIf(dismissal -> dismissal.at().isBefore(recent));
        shutOut.removeIf(at -> at.isBefore(now.minus(SHUT_OUT_WINDOW)));
        while (dismissals.size() > MOST_DISMISSALS) {
            dismissals.removeFirst();
        }
    }

    synchronized ProbeLoad load(Instant now) {
        forget(now);
        return new ProbeLoad(
                endpoint.address(),
                endpoint.port(),
                List.copyOf(hosts),
                minutes.stream().mapToInt(Minute::sessions).sum(),
                minutes.stream().mapToInt(Minute::unknownRecipients).sum(),
                minutes.stream().mapToInt(Minute::mostErrors).max().orElse(0),
                dismissals.stream().map(Dismissal::words).toList(),
                shutOut.size());
    }
}
