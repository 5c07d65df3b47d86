package org.understudy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.understudy.bench.Latencies.Recorder;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.StorageSettings;

/**
 * The embedded store by itself: how many messages a second it makes durable, and how long each waits for that, with few and with
 * many producers. Arguments: a directory on the disk to measure, rounds, seconds per round, file for the results.
 */
public final class StoreBenchmark {
    private static final List<Integer> PRODUCERS = List.of(1, 16, 64, 256);
    private static final int MESSAGE_BYTES = 4096;
    // As the agent sets them.
    private static final long SEGMENT_BYTES = 64L * 1024 * 1024;
    private static final long LARGE_MESSAGE_BYTES = 1024L * 1024;
    private static final long RESERVE_BYTES = 256L * 1024 * 1024;

    private final Path directory;
    private final int rounds;
    private final Duration roundLength;
    private final SampleMail mail = SampleMail.of(MESSAGE_BYTES);
    private final Clock clock = Clock.systemUTC();

    private StoreBenchmark(Path directory, int rounds, Duration roundLength) {
        this.directory = directory;
        this.rounds = rounds;
        this.roundLength = roundLength;
    }

    public static void main(String[] arguments) throws IOException {
        StoreBenchmark benchmark = new StoreBenchmark(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Duration.ofSeconds(Long.parseLong(arguments[2])));
        System.out.printf(
                "  %9s %12s %10s %10s %10s   %s%n", "producers", "median msg/s", "p50", "p99", "max", "rounds");
        List<Result> results = new ArrayList<>();
        for (int producers : PRODUCERS) {
            Result result = benchmark.measure(producers);
            results.add(result);
            System.out.println(result.line());
        }
        Files.writeString(
                Path.of(arguments[3]),
                results.stream().map(Result::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
    }

    private Result measure(int producers) throws IOException {
        List<Round> measured = new ArrayList<>();
        try (MessageStore store = MessageStores.embedded(settings(), clock)) {
            long accepted = round(store, producers).latencies().count();
            for (int i = 0; i < rounds; i++) {
                Round round = round(store, producers);
                accepted += round.latencies().count();
                measured.add(round);
            }
            if (store.counts().queued() != accepted) {
                throw new IllegalStateException(accepted + " messages were acknowledged, "
                        + store.counts().queued() + " are held");
            }
        }
        delete();
        return new Result(producers, measured);
    }

    private Round round(MessageStore store, int producers) {
        List<Recorder> recorders = Collections.synchronizedList(new ArrayList<>());
        long begun = System.nanoTime();
        Crew.run(producers, () -> {
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            for (long now = System.nanoTime(); now - begun < roundLength.toNanos(); ) {
                mail.store(store, clock.instant());
                long end = System.nanoTime();
                recorder.add(end - now);
                now = end;
            }
        });
        return new Round(Duration.ofNanos(System.nanoTime() - begun), Latencies.of(recorders));
    }

    private StorageSettings settings() {
        return new StorageSettings(directory, SEGMENT_BYTES, LARGE_MESSAGE_BYTES, RESERVE_BYTES);
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private record Round(Duration length, Latencies latencies) {
        double rate() {
            return latencies.count() * 1e9 / length.toNanos();
        }
    }

    /** The round with the median rate stands for all. */
    private record Result(int producers, List<Round> rounds) {
        private Round median() {
            List<Round> sorted = rounds.stream()
                    .sorted(Comparator.comparingDouble(Round::rate))
                    .toList();
            return sorted.get((sorted.size() - 1) / 2);
        }

        String line() {
            Latencies latencies = median().latencies();
            return String.format(
                    Locale.ROOT,
                    "  %9d %12.0f %7.2f ms %7.2f ms %7.2f ms   %s",
                    producers,
                    median().rate(),
                    millis(latencies.percentile(0.5)),
                    millis(latencies.percentile(0.99)),
                    millis(latencies.percentile(1)),
                    rounds.stream()
                            .map(r -> String.format(Locale.ROOT, "%.0f", r.rate()))
                            .collect(Collectors.joining(" ")));
        }

        String json() {
            Latencies latencies = median().latencies();
            return String.format(
                    Locale.ROOT,
                    "{\"producers\": %d, \"rate\": %.1f, \"p50Millis\": %.3f, \"p99Millis\": %.3f, \"maximumMillis\": %.3f,"
                            + " \"rates\": [%s]}",
                    producers,
                    median().rate(),
                    millis(latencies.percentile(0.5)),
                    millis(latencies.percentile(0.99)),
                    millis(latencies.percentile(1)),
                    rounds.stream()
                            .map(r -> String.format(Locale.ROOT, "%.1f", r.rate()))
                            .collect(Collectors.joining(", ")));
        }

        private static double millis(Duration duration) {
            return duration.toNanos() / 1e6;
        }
    }
}
