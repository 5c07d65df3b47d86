package org.understudy.interop.power;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * A process that uses a store and says on its standard output, one write a line, what it was promised. Arguments: directory,
 * seed, then steps: {@code open}, {@code transit:N} (N messages from several threads, all handed on), {@code traffic:N} (the same,
 * but some stay), {@code large} (a large message comes and is handed on at once, so that its file's end is not synced by anything
 * that follows), {@code halt:N} (traffic that ends in the middle, as by a kill), {@code close}, {@code lose-index}.
 */
public final class StoreWorkload {
    static final DomainName DOMAIN = new DomainName("power.test");

    private static final int THREADS = 6;
    private static final int LARGE_BYTES = 48 * 1024;
    private static final int SEGMENT_BYTES = 256 * 1024;

    private final Path directory;
    private final Random random;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final ConcurrentLinkedQueue<Live> live = new ConcurrentLinkedQueue<>();
    private @Nullable MessageStore open;

    private record Live(QueueId id, List<Integer> units) {}

    private StoreWorkload(Path directory, long seed) {
        this.directory = directory;
        this.random = new Random(seed);
    }

    /** Small, so that segments are rolled and deleted and large messages are made in a workload of some seconds. */
    static StorageSettings settings(Path directory) {
        return new StorageSettings(directory, SEGMENT_BYTES, LARGE_BYTES, 0);
    }

    static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        StoreWorkload workload = new StoreWorkload(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        for (String step : List.of(arguments).subList(2, arguments.length)) {
            workload.step(step);
        }
    }

    private void step(String step) throws IOException, InterruptedException {
        String[] words = step.split(":", 2);
        switch (words[0]) {
            case "open" -> open();
            case "close" -> store().close();
            case "transit" -> run(Integer.parseInt(words[1]), this::transit);
            case "traffic" -> run(Integer.parseInt(words[1]), this::traffic);
            case "large" -> {
                QueueId id = offer(octets(random, LARGE_BYTES * 2), 3).id();
                settle(id, changes(List.of(0, 1, 2), UnitState.FORWARDED));
            }
            case "halt" -> {
                run(
                        Integer.parseInt(words[1]),
                        this::traffic,
                        () -> Runtime.getRuntime().halt(9));
            }
            case "lose-index" -> {
                for (String suffix : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(directory.resolve("index.db" + suffix));
                }
            }
            default -> throw new IllegalArgumentException("no step " + step);
        }
    }

    private MessageStore store() {
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    private void open() {
        MessageStore store = MessageStores.embedded(settings(directory), Clock.systemUTC());
        open = store;
        // As a forwarder does: what an earlier process left is work for this one.
        live.clear();
        for (QueuedMessage message : store.due(List.of(DOMAIN), Instant.now(), Optional.empty(), Integer.MAX_VALUE)) {
            live.add(new Live(
                    message.id(), message.units().stream().map(Unit::number).toList()));
        }
    }

    private void run(int messages, Consumer<Random> each) throws InterruptedException {
        run(messages, each, () -> {});
    }

    /** @param last what the first thread that finds nothing left to do does, while the others are still at work */
    private void run(int messages, Consumer<Random> each, Runnable last) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(messages);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random own = new Random(random.nextLong());
            threads.add(new Thread(() -> {
                while (left.getAndDecrement() > 0) {
                    each.accept(own);
                }
                last.run();
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void transit(Random random) {
        offer(random);
        Live message = live.poll();
        if (message != null) {
            settle(message.id(), changes(message.units(), UnitState.FORWARDED));
        }
    }

    private void traffic(Random random) {
        offer(random);
        if (random.nextInt(10) < 9) {
            settleOne(random);
        }
    }

    private void offer(Random random) {
        int units = random.nextInt(10) == 0 ? 1 + random.nextInt(20) : 1;
        live.add(offer(content(random), units));
    }

    private Live offer(byte[] content, int units) {
        MessageDraft draft = store().begin(envelope(units), origin());
        String facts = draft.id() + " " + sha256(content) + " " + content.length + " " + units;
        say("OFFER " + facts);
        for (int at = 0; at < content.length; at += 8192) {
            draft.write(content, at, Math.min(8192, content.length - at));
        }
        if (draft.commit() != CommitResult.STORED) {
            throw new IllegalStateException("not stored: " + store().health().detail());
        }
        say("ACK " + facts);
        return new Live(draft.id(), IntStream.range(0, units).boxed().toList());
    }

    private static byte[] content(Random random) {
        int kind = random.nextInt(20);
        int size = kind == 0
                ? LARGE_BYTES + random.nextInt(3 * LARGE_BYTES)
                : kind < 4 ? random.nextInt(LARGE_BYTES) : random.nextInt(4096);
        return octets(random, size);
    }

    private static byte[] octets(Random random, int size) {
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        return octets;
    }

    private static Envelope envelope(int units) {
        List<Recipient> recipients = IntStream.range(0, units)
                .mapToObj(n -> Recipient.of(new ForwardPath("r" + n, Optional.of(DOMAIN.text()))))
                .toList();
        return new Envelope(ReversePath.of(new Mailbox("s", "sender.test")), EsmtpParameters.NONE, recipients);
    }

    private static Origin origin() {
        return new Origin(InetAddress.getLoopbackAddress(), "client.test", "ESMTP", Optional.empty(), Instant.now());
    }

    /** The oldest that waits is handed on, or in part, or set aside and perhaps released, or thrown away, or deferred. */
    private void settleOne(Random random) {
        Live message = live.poll();
        if (message == null) {
            return;
        }
        int kind = random.nextInt(20);
        if (kind == 0) {
            List<UnitChange> deferral = changes(message.units(), UnitState.QUEUED);
            store().record(message.id(), deferral);
            live.add(message);
        } else if (kind == 1) {
            UnitState aside = random.nextBoolean() ? UnitState.QUARANTINED : UnitState.HELD;
            settle(message.id(), changes(message.units(), aside));
            if (random.nextBoolean()) {
                settle(message.id(), changes(message.units(), UnitState.QUEUED));
                live.add(message);
            }
        } else if (kind == 2) {
            settle(message.id(), changes(message.units(), UnitState.DISCARDED));
        } else if (message.units().size() > 1 && kind < 8) {
            // The other half waits for ever.
            settle(
                    message.id(),
                    changes(message.units().subList(0, message.units().size() / 2), UnitState.FORWARDED));
        } else {
            settle(message.id(), changes(message.units(), UnitState.FORWARDED));
        }
    }

    private static List<UnitChange> changes(List<Integer> units, UnitState state) {
        return units.stream()
                .map(n -> new UnitChange(n, state, Instant.now(), "250 2.0.0 Ok", "R"))
                .toList();
    }

    private void settle(QueueId id, List<UnitChange> changes) {
        String facts = id + " " + changes.get(0).state() + " "
                + changes.stream().map(c -> Integer.toString(c.number())).collect(Collectors.joining(","));
        say("SETTLING " + facts);
        store().record(id, changes);
        say("SETTLED " + facts);
    }

    private void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
