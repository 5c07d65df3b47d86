package org.understudy.alerts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.storage.AlertsDatabase;

/** The threads that deliver, one per channel. Thread-safe. */
public final class Dispatcher {
    private final List<ChannelWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    public Dispatcher(
            AlertsDatabase database,
            List<NotificationChannel> channels,
            ChannelHealth health,
            String agent,
            Clock clock) {
        Backoff backoff = new Backoff(new Random());
        for (NotificationChannel channel : channels) {
            ChannelWorker worker = new ChannelWorker(database, channel, health, backoff, agent, clock, this::wake);
            Thread thread = new Thread(worker, "alerts-" + channel.name());
            thread.setDaemon(true);
            workers.add(worker);
            threads.add(thread);
        }
    }

    /** To be called once. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /** There may be something to deliver. */
    public void wake() {
        workers.forEach(ChannelWorker::wake);
    }

    /** Tries a channel again that was to be left alone: it is known to work. */
    public void retryNow(NotificationChannel channel) {
        workers.stream().filter(worker -> worker.serves(channel)).forEach(ChannelWorker::retryNow);
    }

    /** Lets what is being sent end within the time given, then breaks it off; nothing leaves the outbox by that. */
    public void close(Duration grace) {
        workers.forEach(ChannelWorker::stop);
        long end = System.nanoTime() + grace.toNanos();
        try {
            for (Thread thread : threads) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left > 0) {
                    thread.join(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.forEach(Thread::interrupt);
    }
}
