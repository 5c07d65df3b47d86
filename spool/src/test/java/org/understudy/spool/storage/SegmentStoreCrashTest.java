package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.forwarded;
import static org.understudy.spool.storage.MessageStoreContract.origin;
import static org.understudy.spool.storage.MessageStoreContract.random;
import static org.understudy.spool.storage.MessageStoreContract.read;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.QueueId;
import org.understudy.spool.StorageSettings;

/** Kills a process in the middle of its commits and looks for everything it had acknowledged. */
class SegmentStoreCrashTest {
    private static final int ROUNDS = 4;
    private static final int PRODUCERS = 16;

    @TempDir
    Path temporary;

    private static StorageSettings settings(Path directory) {
        return new StorageSettings(directory, 512 * 1024, 64 * 1024, 0);
    }

    @Test
    @Timeout(120)
    void kill_manyTimes_losesNothingAcknowledged() throws Exception {
        Path directory = temporary.resolve("spool");
        Map<QueueId, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            runAndKill(directory, round, acknowledged);
            assertThat(acknowledged).hasSizeGreaterThan(before);
            try (MessageStore store = MessageStores.embedded(settings(directory), Clock.systemUTC())) {
                for (Map.Entry<QueueId, Long> message : acknowledged.entrySet()) {
                    assertThat(read(store, message.getKey())).isEqualTo(content(message.getValue()));
                }
                assertThat(store.counts().isBalanced()).isTrue();
            }
        }
    }

    /** Lines of the child: {@code + id seed} for what was acknowledged, {@code - id} for what is settled. */
    private static void runAndKill(Path directory, int round, Map<QueueId, Long> acknowledged) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Producer.class.getName(),
                        directory.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int lines = 300 + new Random(round).nextInt(900);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                take(line, acknowledged);
                lines--;
                if (lines == 0) {
                    // By its handle: the process itself would close the pipe with what is still in it.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).isNotZero();
    }

    private static void take(String line, Map<QueueId, Long> acknowledged) {
        List<String> words = List.of(line.split(" ", -1));
        // The kill may cut the last line short.
        if (words.size() == 4 && words.get(3).equals(".")) {
            if (words.get(0).equals("+")) {
                acknowledged.put(new QueueId(words.get(1)), Long.valueOf(words.get(2)));
            } else {
                acknowledged.remove(new QueueId(words.get(1)));
            }
        }
    }

    /** Mostly small, now and then above the size for segments. */
    private static byte[] content(long seed) {
        return random(seed % 10 == 0 ? 100_000 : 100 + (int) (seed % 7_000), seed);
    }

    /** What is killed. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] arguments) {
            MessageStore store = MessageStores.embedded(settings(Path.of(arguments[0])), Clock.systemUTC());
            long base = Long.parseLong(arguments[1]) * 1_000_000_000L;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                long first = base + i * 10_000_000L;
                threads.add(new Thread(() -> produce(store, first)));
            }
            threads.forEach(Thread::start);
        }

        private static void produce(MessageStore store, long first) {
            for (long seed = first; ; seed++) {
                byte[] content = content(seed);
                MessageDraft draft = store.begin(envelope("u" + seed), origin());
                draft.write(content, 0, content.length);
                if (draft.commit() != CommitResult.STORED) {
                    throw new IllegalStateException("not stored");
                }
                say("+ " + draft.id() + " " + seed + " .");
                if (seed % 3 == 0) {
                    // Said before it is done: from here on it may be gone.
                    say("- " + draft.id() + " " + seed + " .");
                    store.record(draft.id(), List.of(forwarded(0)));
                }
            }
        }

        private static void say(String line) {
            PrintStream out = System.out;
            synchronized (out) {
                out.print(line + "\n");
                out.flush();
            }
        }
    }
}
