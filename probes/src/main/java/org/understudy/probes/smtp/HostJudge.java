package org.understudy.probes.smtp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.HostHistory.State;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.smtp.SmtpStage;

/** Judges how an exchanger behaves besides taking mail or not. Stateless apart from the log. */
final class HostJudge {
    private static final Duration SLOW = Duration.ofSeconds(30);
    private static final Duration SLUGGISH = Duration.ofSeconds(5);
    /** Postscreen keeps clients waiting for six seconds on purpose. */
    private static final Duration SLUGGISH_GREETING = Duration.ofSeconds(10);

    private static final Duration FLAPPING_WINDOW = Duration.ofMinutes(30);
    private static final int TURNS = 3;
    private static final Duration DEAD_ON_PURPOSE = Duration.ofDays(7);
    /** What firewalls put in the place of words that they do not know. */
    private static final Pattern MASKED_GREETING = Pattern.compile("\\*{4,}");

    private static final Pattern MASKED_KEYWORD = Pattern.compile("X{4,}[A-Z]?");

    private final DomainHosts hosts;
    private final Exchanger exchanger;
    private final StateLog log;

    HostJudge(DomainHosts hosts, Exchanger exchanger, StateLog log) {
        this.hosts = hosts;
        this.exchanger = exchanger;
        this.log = log;
    }

    /** The slowest step of one session; the steps of RFC 5321 section 4.5.3.2 have a timeout each. */
    void speed(ResultBuilder result, AddressAnswers address) {
        Map<String, Duration> steps = new LinkedHashMap<>();
        address.phases().forEach((stage, time) -> steps.put(stage.name(), time));
        // Who refuses slowly, does so on purpose.
        address.asked().stream()
                .filter(Asked::isTaken)
                .forEach(a -> steps.merge(a.topic().name(), a.took(), HostJudge::longer));
        Optional<Map.Entry<String, Duration>> slowest =
                steps.entrySet().stream().max(Map.Entry.comparingByValue());
        if (slowest.isEmpty()) {
            return;
        }
        Duration time = slowest.get().getValue();
        boolean greeting = slowest.get().getKey().equals(SmtpStage.GREETING.name());
        if (time.compareTo(greeting ? SLUGGISH_GREETING : SLUGGISH) > 0) {
            Map<String, String> evidence = new LinkedHashMap<>();
            steps.forEach((step, taken) -> evidence.put(step, taken.toMillis() + " ms"));
            result.finding(Finding.of(
                            FindingType.SMTP_SLOW,
                            address.endpoint().toString(),
                            address.endpoint() + " took " + time.toSeconds() + " s for "
                                    + slowest.get().getKey(),
                            evidence)
                    .withSeverity(time.compareTo(SLOW) > 0 ? Severity.WARNING : Severity.INFO));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    void judge(ResultBuilder result, List<AddressAnswers> open) {
        middlebox(result, open);
        if (exchanger.role().isEntrance()) {
            flapping(result);
            tarpit(result);
        }
    }

    private void middlebox(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            address.greeting()
                    .filter(g -> MASKED_GREETING.matcher(g.text()).find())
                    .ifPresent(g -> evidence.put(address.endpoint() + " greeting", g.toString()));
            address.inClear().extensions().keySet().stream()
                    .filter(keyword -> MASKED_KEYWORD.matcher(keyword).matches())
                    .forEach(keyword -> evidence.put(address.endpoint() + " EHLO", keyword));
        }
        if (!evidence.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.SMTP_MIDDLEBOX_INTERFERENCE,
                    exchanger.host().text(),
                    "Something between here and " + exchanger.host() + " changes what is said: "
                            + evidence.values().iterator().next(),
                    evidence));
        }
    }

    private void flapping(ResultBuilder result) {
        long turns = log.turns(FLAPPING_WINDOW);
        if (turns > TURNS) {
            result.finding(Finding.of(
                    FindingType.PRIMARY_FLAPPING,
                    exchanger.host().text(),
                    "The " + exchanger.role().word() + " " + exchanger.host() + " went up or down " + turns
                            + " times within " + FLAPPING_WINDOW.toMinutes() + " minutes",
                    Map.of("changes", log.text())));
        }
    }

    /** Dead for so long, and nobody minds: it is probably meant. */
    private void tarpit(ResultBuilder result) {
        boolean first = !hosts.domain().tiers().isEmpty()
                && hosts.domain().tiers().get(0).contains(exchanger);
        boolean othersUp = hosts.entrances().stream()
                .filter(h -> !h.exchanger().equals(exchanger))
                .anyMatch(h -> h.latest().filter(HostAnswers::isAnswering).isPresent());
        if (first && othersUp && log.lasting(State.SILENT).compareTo(DEAD_ON_PURPOSE) >= 0) {
            result.finding(Finding.of(
                    FindingType.NOLISTING_OR_TARPIT_MX,
                    exchanger.host().text(),
                    exchanger.host() + ", which senders try first, has not answered for "
                            + log.lasting(State.SILENT).toDays() + " days, while others do",
                    Map.of("changes", log.text())));
        }
    }
}
