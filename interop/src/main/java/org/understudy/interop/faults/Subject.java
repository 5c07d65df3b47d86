package org.understudy.interop.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.mail.NumberedMail;
import org.understudy.interop.mail.Sender;
import org.understudy.interop.mail.Sink;
import org.understudy.interop.mail.SpoolChild;

/** The spool under test with a client before it and a next hop behind it. Confined to one thread. */
final class Subject implements AutoCloseable {
    static final int SEGMENT_BYTES = 128 * 1024;
    static final int LARGE_BYTES = 64 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LARGE = 200_000;
    private static final int HALF_A_SEGMENT = 60_000;
    private static final int SMALL = 3_000;
    /** After so many large messages all threads that write them are there to be attached to. */
    private static final int WORKERS = 40;

    private static final int RECIPIENTS = 90;
    private static final int MORE = 10;
    private static final int MOST = 2_000;
    private static final long CLEANING_MILLIS = 3_000;

    private final Path directory;
    private final Path log;
    private final long seed;
    private final Sink sink = new Sink();
    private int number;
    private @Nullable SpoolChild spool;
    private @Nullable Sender sender;
    private boolean warm;
    private int port;

    Subject(Path directory, Path log, long seed) throws IOException {
        this.directory = directory;
        this.log = log;
        this.seed = seed;
    }

    /**
     * A message that was sent.
     *
     * @param answer null if the connection broke before there was one
     * @param trouble why there was none; empty if there was
     * @param millis how long it took
     */
    record Sent(NumberedMail mail, Sender.@Nullable Answer answer, String trouble, long millis) {
        boolean isAccepted() {
            return answer != null && answer.isAccepted();
        }

        boolean isRefused() {
            return answer != null && !answer.isAccepted();
        }
    }

    Path directory() {
        return directory;
    }

    SpoolChild spool() throws IOException {
        SpoolChild running = spool;
        if (running == null) {
            running = new SpoolChild(new SpoolChild.Settings(
                    directory, sink.port(), SEGMENT_BYTES, LARGE_BYTES, List.of(), log.toFile()));
            spool = running;
            port = running.awaitPort();
            warm = false;
        }
        return running;
    }

    /** Has all threads there that may be attached to, and a session open. */
    SpoolChild prepare() throws IOException {
        SpoolChild running = spool();
        for (int i = 0; i < WORKERS && !warm; i++) {
            send(LARGE_BYTES + 1, 1);
        }
        warm = true;
        connect();
        return running;
    }

    /** Stops the spool in order; the next call of {@link #spool} starts it again. */
    void stop() throws IOException {
        hangUp();
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    void kill() throws IOException, InterruptedException {
        hangUp();
        if (spool != null) {
            spool.kill();
            spool = null;
        }
    }

    private Sender connect() throws IOException {
        spool();
        Sender open = sender;
        if (open == null) {
            open = new Sender(port, PATIENCE);
            sender = open;
        }
        return open;
    }

    void hangUp() throws IOException {
        if (sender != null) {
            sender.close();
            sender = null;
        }
    }

    /**
     * Sends what makes a target's calls happen: a small message, a large one, enough for the next segment, and a small one
     * again; or what the index has most work with.
     */
    List<Sent> script(Target target) throws IOException, InterruptedException {
        List<Sent> sent = target.isReachedByBulk() ? bulk() : everything();
        if (target == Target.CLEANING) {
            awaitCleaning();
        }
        return sent;
    }

    /** All is handed on soon: then only the segment that is written to has to stay. */
    private void awaitCleaning() throws IOException, InterruptedException {
        long end = System.nanoTime() + CLEANING_MILLIS * 1_000_000;
        long left = Long.MAX_VALUE;
        while (left > 1 && System.nanoTime() < end) {
            spool().live(SpoolChild.LOOK_EVERY);
            try (Stream<Path> segments = Files.list(directory.resolve("segments"))) {
                left = segments.count();
            }
        }
    }

    /** So much for the index that its log is brought into the file, and a little more. */
    private List<Sent> bulk() throws IOException {
        Path index = directory.resolve("index.db");
        FileTime before = Files.getLastModifiedTime(index);
        List<Sent> sent = new ArrayList<>();
        int more = MORE;
        while (sent.size() < MOST && more > 0) {
            sent.add(send(0, RECIPIENTS));
            more -= Files.getLastModifiedTime(index).equals(before) ? 0 : 1;
        }
        return sent;
    }

    private List<Sent> everything() throws IOException {
        List<Sent> sent = new ArrayList<>();
        for (int size : List.of(SMALL, LARGE, HALF_A_SEGMENT, HALF_A_SEGMENT, HALF_A_SEGMENT, SMALL)) {
            sent.add(send(size, 1));
        }
        return sent;
    }

    Sent small() throws IOException {
        return send(SMALL, 1);
    }

    private Sent send(int size, int recipients) throws IOException {
        NumberedMail mail = NumberedMail.of(seed, number++, recipients, size);
        long begun = System.nanoTime();
        try {
            Sender.Answer answer = connect().send(mail);
            if (answer.code() == 421) {
                hangUp();
            }
            return new Sent(mail, answer, "", (System.nanoTime() - begun) / 1_000_000);
        } catch (IOException e) {
            hangUp();
            return new Sent(mail, null, e.toString(), (System.nanoTime() - begun) / 1_000_000);
        }
    }

    Sink nextHop() {
        return sink;
    }

    @Override
    public void close() throws IOException {
        stop();
        sink.close();
    }
}
