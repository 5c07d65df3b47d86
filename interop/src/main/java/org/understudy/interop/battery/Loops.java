package org.understudy.interop.battery;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.understudy.interop.Report;
import org.understudy.interop.Waiting;
import org.understudy.interop.mail.SmtpClient;
import org.understudy.spool.LaneState;
import org.understudy.spool.SpoolException;

/** Ways that lead back. */
final class Loops {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** RFC 5321 section 6.3 asks for at least 100 trace fields before a message counts as looping. */
    private static final int MOST_HOPS = 101;

    private final Report report;
    private final Path work;

    Loops(Report report, Path work) {
        this.report = report;
        this.work = work;
    }

    void run() throws Exception {
        refusedAtTheStart("127.0.0.1", "127.0.0.1");
        refusedAtTheStart("127.0.0.1", "localhost");
        refusedAtTheStart("0.0.0.0", "127.0.0.1");
        refusedAtTheStart("0.0.0.0", "::1");
        refusedAtTheStart("::", "::1");
        refusedAtTheStart("::1", "0:0:0:0:0:0:0:1");
        refusedAtTheStart("127.0.0.1", "mx2.battery.test");
        ownName();
        ownAddressBehindAnother();
        twoBackups("127.0.0.1");
        twoBackups("::1");
    }

    private void refusedAtTheStart(String listen, String nextHop) {
        String what = "listening on " + listen + " with the next hop " + nextHop + ": refused at the start";
        try {
            Backup.open(work.resolve("start"), "mx2.battery.test", new InetSocketAddress(listen, 2999), nextHop, 2999)
                    .close();
            report.check(false, what);
        } catch (SpoolException e) {
            report.check(e.toString().contains("is the spool itself"), what);
        }
    }

    private void ownName() throws Exception {
        try (Primary primary = new Primary("mx2.battery.test", r -> true);
                Backup backup = Backup.start(work.resolve("own-name"), "mx2.battery.test", primary.port())) {
            send(backup);
            waitFor(() -> backup.lane() == LaneState.FROZEN);
            report.say("own name: " + backup.trouble());
            report.check(
                    backup.lane() == LaneState.FROZEN
                            && backup.counts().queued() == 1
                            && primary.senders().isEmpty(),
                    "a next hop that greets with our name: frozen, nothing handed on, the message is held");
        }
    }

    /** As a router does that leads a public address back to us. */
    private void ownAddressBehindAnother() throws Exception {
        try (ServerSocket router = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Backup backup = Backup.start(work.resolve("router"), "mx2.battery.test", router.getLocalPort())) {
            Thread thread = new Thread(() -> route(router, backup.address()), "router");
            thread.setDaemon(true);
            thread.start();
            send(backup);
            waitFor(() -> backup.lane() == LaneState.FROZEN);
            report.check(
                    backup.lane() == LaneState.FROZEN
                            && backup.counts().queued() == 1
                            && backup.counts().accepted() == 1,
                    "our own address behind a router: frozen, never taken a second time");
        }
    }

    private static void route(ServerSocket router, InetSocketAddress to) {
        while (!router.isClosed()) {
            try {
                Socket from = router.accept();
                Socket onward = new Socket(to.getAddress(), to.getPort());
                copy(from, onward);
                copy(onward, from);
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        Thread thread = new Thread(
                () -> {
                    try (from;
                            to;
                            InputStream in = from.getInputStream()) {
                        in.transferTo(to.getOutputStream());
                    } catch (IOException e) {
                        // One end is gone, and with it the other.
                    }
                },
                "router-copy");
        thread.setDaemon(true);
        thread.start();
    }

    private void twoBackups(String literal) throws Exception {
        InetAddress address = InetAddress.getByName(literal);
        int first = freePort(address);
        int second = freePort(address);
        String name = "two-" + first;
        try (Backup one = Backup.open(
                        work.resolve(name + "a"),
                        "one.battery.test",
                        new InetSocketAddress(address, first),
                        literal,
                        second);
                Backup other = Backup.open(
                        work.resolve(name + "b"),
                        "other.battery.test",
                        new InetSocketAddress(address, second),
                        literal,
                        first)) {
            one.start();
            other.start();
            send(one);
            waitFor(() -> one.lane() == LaneState.FROZEN || other.lane() == LaneState.FROZEN);
            Backup stopped = one.lane() == LaneState.FROZEN ? one : other;
            long hops = one.handedOn() + other.handedOn();
            report.say("two backups at " + literal + ": " + hops + " hops, then " + stopped.trouble());
            report.check(
                    stopped.lane() == LaneState.FROZEN
                            && hops <= MOST_HOPS
                            && stopped.trouble().contains("5.4.6"),
                    "two backups that point at each other at " + literal + ": ends after " + hops + " hops, frozen");
            report.check(
                    one.counts().queued() + other.counts().queued() == 1,
                    "two backups that point at each other at " + literal + ": the message is held, once");
        }
    }

    private static int freePort(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    private static void send(Backup backup) throws IOException {
        try (SmtpClient client =
                new SmtpClient(backup.address(), backup.address().getAddress())) {
            client.require("EHLO client.test", 250);
            client.require("MAIL FROM:<anna@sender.test>", 250);
            client.require("RCPT TO:<u@battery.test>", 250);
            client.require("DATA", 354);
            client.require("Subject: round\r\n\r\nHello\r\n.", 250);
        }
    }

    /** What depends on it is checked afterwards. */
    static void waitFor(BooleanSupplier condition) {
        Waiting.until(LIMIT, condition);
    }
}
