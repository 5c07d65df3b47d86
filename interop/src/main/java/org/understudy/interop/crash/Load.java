package org.understudy.interop.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.understudy.interop.mail.NumberedMail;
import org.understudy.interop.mail.Sender;

/** Clients that send as fast as they are answered until they are told to stop or are cut off. Used once. */
final class Load {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST = 3 * 1024 * 1024;

    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * What is sent.
     *
     * @param numbers the next number of a message
     */
    record Plan(long seed, AtomicInteger numbers, int clients, int round) {}

    Load(int port, Plan plan, Tally tally) {
        for (int i = 0; i < plan.clients(); i++) {
            Thread client = new Thread(() -> send(port, plan, tally), "client-" + i);
            clients.add(client);
            client.start();
        }
    }

    private void send(int port, Plan plan, Tally tally) {
        try (Sender sender = new Sender(port, PATIENCE)) {
            while (!stopping) {
                int number = plan.numbers().getAndIncrement();
                NumberedMail mail = mail(plan.seed(), number);
                Sender.Answer answer = new Sender.Answer(0, "");
                try {
                    answer = sender.send(mail);
                } finally {
                    tally.sent(mail, plan.round(), answer);
                }
            }
        } catch (IOException e) {
            // The spool was killed: that is what this is about.
        }
    }

    /** Mostly small, some of many recipients, a few empty, a few of megabytes. */
    private static NumberedMail mail(long seed, int number) {
        Random random = new Random(seed ^ ((long) number << 20));
        int kind = random.nextInt(100);
        int size;
        if (kind < 4) {
            size = 0;
        } else if (kind < 84) {
            size = random.nextInt(4096);
        } else {
            size = random.nextInt(kind < 99 ? 64 * 1024 : LARGEST);
        }
        int recipients = random.nextInt(8) == 0 ? 1 + random.nextInt(10) : 1;
        return NumberedMail.of(seed, number, recipients, size);
    }

    /** Waits until every client has its last answer, or knows that there will be none. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
