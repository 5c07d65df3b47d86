package org.understudy.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.understudy.smtp.DomainName;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * Makes a long queue, and most of it go again, through the store's own interface. Arguments: {@code fill DIRECTORY MESSAGES
 * OCTETS [DOMAIN...]} adds messages until so many are queued, in turn over the domains; {@code deliver DIRECTORY PERCENT} records so many of them as forwarded, in
 * random order.
 */
public final class QueueBenchmark {
    private static final int THREADS = 64;
    private static final int PAGE = 1000;
    private static final long SEED = 20_251_125;
    // As the agent sets them.
    private static final long SEGMENT_BYTES = 64L * 1024 * 1024;
    private static final long LARGE_MESSAGE_BYTES = 1024L * 1024;
    private static final long RESERVE_BYTES = 256L * 1024 * 1024;

    private final MessageStore store;
    private final Clock clock;

    private QueueBenchmark(MessageStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        StorageSettings settings =
                new StorageSettings(Path.of(arguments[1]), SEGMENT_BYTES, LARGE_MESSAGE_BYTES, RESERVE_BYTES);
        Clock clock = Clock.systemUTC();
        try (MessageStore store = MessageStores.embedded(settings, clock)) {
            QueueBenchmark benchmark = new QueueBenchmark(store, clock);
            long begun = System.nanoTime();
            int done = arguments[0].equals("fill")
                    ? benchmark.fill(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), domains(arguments))
                    : benchmark.deliver(Integer.parseInt(arguments[2]));
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d messages in %.1f s, %.0f/s; %d queued%n",
                    arguments[0],
                    done,
                    seconds,
                    done / seconds,
                    store.counts().queued());
        }
    }

    private static List<DomainName> domains(String[] arguments) {
        List<DomainName> domains =
                Arrays.stream(arguments).skip(4).map(DomainName::new).toList();
        return domains.isEmpty() ? List.of(SampleMail.DOMAIN) : domains;
    }

    private int fill(int messages, int octets, List<DomainName> domains) {
        SampleMail mail = SampleMail.of(octets);
        int missing = (int) (messages - store.counts().queued());
        AtomicInteger left = new AtomicInteger(missing);
        Crew.run(THREADS, () -> {
            for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
                mail.store(store, clock.instant(), domains.get(number % domains.size()));
            }
        });
        requireQueued(messages);
        return missing;
    }

    private int deliver(int percent) {
        List<QueueId> ids = ids();
        Collections.shuffle(ids, new Random(SEED));
        int going = (int) (ids.size() * (long) percent / 100);
        AtomicInteger next = new AtomicInteger();
        Crew.run(THREADS, () -> {
            for (int i = next.getAndIncrement(); i < going; i = next.getAndIncrement()) {
                store.record(
                        ids.get(i),
                        List.of(new UnitChange(0, UnitState.FORWARDED, clock.instant(), "250 2.0.0 Ok", "A1")));
            }
        });
        requireQueued(ids.size() - going);
        return going;
    }

    private List<QueueId> ids() {
        List<QueueId> ids = new ArrayList<>();
        Optional<QueueId> after = Optional.empty();
        while (true) {
            List<QueuedMessage> page = store.due(List.of(SampleMail.DOMAIN), clock.instant(), after, PAGE);
            page.forEach(message -> ids.add(message.id()));
            if (page.size() < PAGE) {
                return ids;
            }
            after = Optional.of(ids.get(ids.size() - 1));
        }
    }

    private void requireQueued(long messages) {
        QueueCounts counts = store.counts();
        if (counts.queued() != messages || !counts.isBalanced()) {
            throw new IllegalStateException(messages + " should be queued: " + counts);
        }
    }
}
