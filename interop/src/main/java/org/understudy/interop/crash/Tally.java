package org.understudy.interop.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.understudy.interop.mail.NumberedMail;
import org.understudy.interop.mail.Sender;
import org.understudy.interop.mail.Sink;

/** What was sent and how it was answered, and at the end what became of it. Thread-safe. */
final class Tally {
    /** A message handed on so shortly before a kill may not have its outcome recorded yet. */
    private static final long IN_FLIGHT_NANOS = 5_000_000_000L;

    private final Map<Integer, Sent> sent = new ConcurrentHashMap<>();
    private final List<Long> cuts = new CopyOnWriteArrayList<>();
    private final List<String> refusedForGood = new CopyOnWriteArrayList<>();

    private enum Fate {
        ACKNOWLEDGED,
        UNANSWERED,
        REFUSED
    }

    private record Sent(String sha256, int recipients, int round, Fate fate) {}

    /** @param answer empty text and code 0 if the connection broke before it came */
    void sent(NumberedMail mail, int round, Sender.Answer answer) {
        Fate fate = answer.isAccepted() ? Fate.ACKNOWLEDGED : answer.code() == 0 ? Fate.UNANSWERED : Fate.REFUSED;
        sent.put(mail.number(), new Sent(mail.content().sha256(), mail.recipients(), round, fate));
        if (fate == Fate.REFUSED && !answer.isTransient()) {
            refusedForGood.add(mail.number() + ": " + answer.text());
        }
    }

    /** The spool was killed, or its connections to the next hop were cut. */
    void cut() {
        cuts.add(System.nanoTime());
    }

    long acknowledged() {
        return sent.values().stream().filter(s -> s.fate == Fate.ACKNOWLEDGED).count();
    }

    /**
     * What is wrong, and figures.
     *
     * @param duplicates arrivals beyond the first, each explained by a cut
     */
    record Verdict(
            List<String> lost, List<String> altered, List<String> unexplained, List<String> refused, int duplicates) {
        boolean isGood() {
            return lost.isEmpty() && altered.isEmpty() && unexplained.isEmpty() && refused.isEmpty();
        }
    }

    Verdict judge(Map<String, List<Sink.Arrival>> arrivals) {
        List<String> lost = new ArrayList<>();
        List<String> altered = new ArrayList<>();
        List<String> unexplained = new ArrayList<>();
        int duplicates = 0;
        for (Map.Entry<Integer, Sent> entry : sent.entrySet()) {
            Sent message = entry.getValue();
            for (int recipient = 0; recipient < message.recipients; recipient++) {
                String name = "m" + entry.getKey() + "." + recipient;
                List<Sink.Arrival> arrived = arrivals.getOrDefault(name + "@" + NumberedMail.DOMAIN, List.of());
                name += " of round " + message.round;
                if (arrived.isEmpty() && message.fate == Fate.ACKNOWLEDGED) {
                    lost.add(name);
                }
                if (arrived.stream().anyMatch(a -> !a.sha256().equals(message.sha256))) {
                    altered.add(name);
                }
                if (!arrived.isEmpty() && message.fate == Fate.REFUSED) {
                    unexplained.add(name + " was refused and arrived");
                }
                for (int i = 1; i < arrived.size(); i++) {
                    if (isExplained(arrived.get(i - 1), arrived.get(i))) {
                        duplicates++;
                    } else {
                        unexplained.add(name + " arrived again " + times(arrived.get(i - 1), arrived.get(i)));
                    }
                }
            }
        }
        arrivals.keySet().stream()
                .filter(address -> !sent.containsKey(Integer.valueOf(address.substring(1, address.indexOf('.')))))
                .forEach(address -> unexplained.add(address + " was handed on long before and arrived again"));
        return new Verdict(lost, altered, unexplained, List.copyOf(refusedForGood), duplicates);
    }

    /** When the second came and each cut was, counted from the first arrival. */
    private String times(Sink.Arrival first, Sink.Arrival second) {
        String around = cuts.stream()
                .filter(cut -> cut >= first.nanos() - IN_FLIGHT_NANOS && cut <= second.nanos())
                .map(cut -> seconds(cut - first.nanos()))
                .collect(Collectors.joining(", "));
        return "after " + seconds(second.nanos() - first.nanos()) + "; cuts after: " + around;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }

    /** Whether the first was in flight when something was cut, before the second came. */
    private boolean isExplained(Sink.Arrival first, Sink.Arrival second) {
        return cuts.stream().anyMatch(cut -> cut <= second.nanos() && wasInFlight(first, cut));
    }

    /** Also what the next hop read out of its buffers after the cut: whoever sent that could not read the answer. */
    private static boolean wasInFlight(Sink.Arrival arrival, long cut) {
        return cut >= arrival.nanos() ? cut - arrival.nanos() < IN_FLIGHT_NANOS : arrival.connected() <= cut;
    }
}
