package org.understudy.agent.self;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.understudy.alerts.Alert;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether alerts fire so often, or end so soon, that people stop to read them. Thread-safe. */
public final class AlertNoiseSelfCheck implements SelfCheck {
    private static final Duration WINDOW = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final int MOST_OF_ONE = 10;
    /** Of fewer alerts no share can be told. */
    private static final int ENOUGH = 10;

    private static final double MOST_ENDING_SOON = 0.3;

    private final Supplier<? extends Collection<Alert>> history;
    private final Clock clock;

    /** @param history alerts that have fired, newest first */
    public AlertNoiseSelfCheck(Supplier<? extends Collection<Alert>> history, Clock clock) {
        this.history = history;
        this.clock = clock;
    }

    @Override
    public void look(ResultBuilder result) {
        Instant since = clock.instant().minus(WINDOW);
        Collection<Alert> day = history.get().stream()
                .filter(alert -> alert.firedAt().filter(since::isBefore).isPresent())
                .toList();
        Map<String, String> noisy = new TreeMap<>();
        day.stream()
                .collect(Collectors.groupingBy(
                        alert -> alert.key().check() + " of " + alert.key().domain() + " "
                                + alert.key().subject(),
                        TreeMap::new,
                        Collectors.counting()))
                .forEach((what, times) -> {
                    if (times > MOST_OF_ONE) {
                        noisy.put(what, "fired " + times + " times");
                    }
                });
        long ended = day.stream().filter(AlertNoiseSelfCheck::endedSoon).count();
        if (day.size() >= ENOUGH && ended > MOST_ENDING_SOON * day.size()) {
            noisy.put("all alerts", ended + " of " + day.size() + " were over within " + SOON.toMinutes() + " minutes");
        }
        if (!noisy.isEmpty()) {
            Map.Entry<String, String> first = noisy.entrySet().iterator().next();
            result.finding(Finding.of(
                    FindingType.ALERT_NOISE,
                    "alerts",
                    "Within a day " + first.getKey() + " " + first.getValue(),
                    noisy));
        }
    }

    private static boolean endedSoon(Alert alert) {
        return alert.resolvedAt()
                .filter(end ->
                        Duration.between(alert.firedAt().orElse(end), end).compareTo(SOON) < 0)
                .isPresent();
    }
}
