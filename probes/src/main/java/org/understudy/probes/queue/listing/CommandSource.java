package org.understudy.probes.queue.listing;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.QueueCommand;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.smtp.Deadline;

/** A queue as a program lists it. Thread-safe; one run at a time. */
public final class CommandSource implements QueueSource {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final QueueCommand command;
    private final Listing listing;
    private final QueueScope scope;
    private final Clock clock;
    private final String name;
    private @Nullable Thread reader;

    public CommandSource(QueueCommand command, QueueScope scope, Clock clock) {
        this.command = command;
        this.listing = switch (command.server()) {
            case POSTFIX -> new PostfixListing();
            case EXIM -> new EximListing();
            case HARAKA -> new HarakaListing();
        };
        this.scope = scope;
        this.clock = clock;
        this.name = ChildProcess.name(command.words());
    }

    @Override
    public synchronized QueueSnapshot read(Deadline deadline) throws IOException {
        // What left its output to others when it was ended keeps a thread; one of them is enough.
        if (reader != null && reader.isAlive()) {
            throw new IOException("what " + name + " started some time ago still has its output open");
        }
        Deadline limit = Deadline.after(deadline.cap(command.limit()));
        try (ChildProcess child = ChildProcess.start(command.words())) {
            Tally tally = count(child, limit);
            Optional<String> failure = child.end(longer(limit.remaining()));
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            return tally.snapshot(child.complaint());
        }
    }

    private static Duration longer(Duration patience) {
        return patience.compareTo(SHORTEST) < 0 ? SHORTEST : patience;
    }

    /** In a thread of its own: a read from a program cannot be broken off. */
    private Tally count(ChildProcess child, Deadline limit) throws IOException {
        Tally tally = new Tally(scope, clock.instant());
        FutureTask<Tally> task = new FutureTask<>(() -> {
            listing.read(child.output(), tally);
            return tally;
        });
        Thread thread = new Thread(task, "queue listing of " + name);
        thread.setDaemon(true);
        reader = thread;
        thread.start();
        try {
            return task.get(limit.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    name + " did not come to an end within "
                            + command.limit().toSeconds() + " s"
                            + ChildProcess.saying(child.complaint()).orElse(""),
                    e);
        } catch (ExecutionException e) {
            throw failed(child, e.getCause(), limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while " + name + " ran", e);
        }
    }

    /** Whoever complains and fails has said why; what was printed is only what is left of it. */
    private IOException failed(ChildProcess child, @Nullable Throwable cause, Deadline limit) {
        if (!(cause instanceof IOException)) {
            return new IOException("the listing of " + name + " cannot be read: " + cause, cause);
        }
        try {
            Optional<String> failure = child.end(limit.cap(SHORTEST));
            if (failure.isPresent() && !child.complaint().isEmpty()) {
                return new IOException(failure.get(), cause);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new IOException(name + " " + cause.getMessage(), cause);
    }
}
