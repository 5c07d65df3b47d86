package org.understudy.interop.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Takes places of a spool with clients that send nothing, and with clients that send one octet a second, and measures what
 * a client with mail notices of it. Arguments: port, idle clients, slow clients, places the spool has.
 */
public final class Swarm {
    private static final int ROUNDS = 20;
    private static final long LIMIT_MILLIS = 1000;
    /** Half of what one network may have by default. */
    private static final int CLIENTS_PER_NETWORK = 100;

    private static final Duration WATCHED = Duration.ofSeconds(15);

    private final int port;
    private final List<Client> crowd = new ArrayList<>();
    private int passed;
    private int failed;

    private Swarm(int port) {
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        Swarm swarm = new Swarm(Integer.parseInt(arguments[0]));
        swarm.run(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        System.out.println(swarm.passed + " passed, " + swarm.failed + " failed");
        Runtime.getRuntime().exit(swarm.failed == 0 ? 0 : 1);
    }

    private void run(int idle, int slow, int places) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            sendMessage(); // The first ones find a server that is not compiled yet.
        }
        measure("at rest");
        long begun = System.nanoTime();
        for (int i = 0; i < idle; i++) {
            crowd.add(idleClient());
        }
        say("%d idle sessions opened in %.1f s", idle, seconds(begun));
        measure("with " + idle + " idle sessions");
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> trickle = trickle(clock, slow);
            measure("with " + slow + " clients of one octet a second as well");
            for (int i = crowd.size(); i < places; i++) {
                crowd.add(idleClient());
            }
            // After that nobody is young enough to keep his place.
            TimeUnit.SECONDS.sleep(WATCHED.toSeconds());
            measure("with all " + places + " places taken");
            trickle.cancel(false);
        } finally {
            clock.shutdownNow();
        }
    }

    private Client idleClient() throws IOException {
        Client client = new Client(address(crowd.size()), port);
        client.expect(220);
        client.ask("EHLO idle.test\r\n", 250);
        return client;
    }

    /** Half of them never end a command, half never end their content. */
    private ScheduledFuture<?> trickle(ScheduledExecutorService clock, int number) throws IOException {
        List<Client> slow = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Client client = idleClient();
            if (i % 2 == 0) {
                client.ask("MAIL FROM:<a@sender.test>\r\n", 250);
                client.ask("RCPT TO:<b@swarm.test>\r\n", 250);
                client.ask("DATA\r\n", 354);
            }
            crowd.add(client);
            slow.add(client);
        }
        return clock.scheduleAtFixedRate(() -> slow.removeIf(Swarm::isGone), 0, 1, TimeUnit.SECONDS);
    }

    /** Sends one octet; true if the spool has had enough. */
    private static boolean isGone(Client slow) {
        try {
            slow.send("x");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Sends messages one after the other, each in a session of its own, and judges the slowest. */
    private void measure(String situation) {
        long[] millis = new long[ROUNDS];
        try {
            for (int i = 0; i < ROUNDS; i++) {
                long begun = System.nanoTime();
                sendMessage();
                millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (IOException | InterruptedException e) {
            failed++;
            say("FAILED  a message %s: %s", situation, e.toString());
            return;
        }
        Arrays.sort(millis);
        boolean held = millis[ROUNDS - 1] < LIMIT_MILLIS;
        passed += held ? 1 : 0;
        failed += held ? 0 : 1;
        say(
                "%-7s a message %s: median %d ms, slowest %d ms",
                held ? "ok" : "FAILED", situation, millis[ROUNDS / 2], millis[ROUNDS - 1]);
    }

    private void sendMessage() throws IOException {
        try (Client client = new Client(address(crowd.size()), port)) {
            client.expect(220);
            client.ask("EHLO honest.test\r\n", 250);
            client.ask("MAIL FROM:<a@sender.test>\r\n", 250);
            client.ask("RCPT TO:<b@swarm.test>\r\n", 250);
            client.ask("DATA\r\n", 354);
            client.ask("Subject: swarm\r\n\r\n" + "0123456789abcdef\r\n".repeat(200) + ".\r\n", 250);
            client.ask("QUIT\r\n", 221);
        }
    }

    /** Spread over networks, as a swarm of machines is. */
    private static InetAddress address(int client) throws IOException {
        int network = client / CLIENTS_PER_NETWORK;
        return InetAddress.getByAddress(
                new byte[] {127, (byte) (1 + network / 256), (byte) network, (byte) (1 + client % CLIENTS_PER_NETWORK)
                });
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.println("swarm: " + String.format(Locale.ROOT, format, values));
        System.out.flush();
    }
}
