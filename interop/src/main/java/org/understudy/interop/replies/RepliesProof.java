package org.understudy.interop.replies;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.Waiting;
import org.understudy.spool.LaneState;

/**
 * Has real servers give every reply that decides about mail, and looks what becomes of it. Options: {@code --work DIRECTORY},
 * {@code --exim PROGRAM}.
 */
public final class RepliesProof {
    private static final int FIRST_POSTFIX = 2800;
    private static final int FIRST_EXIM = 2900;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Report report = new Report("replies");

    private RepliesProof() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("work", "exim"));
        RepliesProof proof = new RepliesProof();
        proof.run(Path.of(options.text("work", "")), Path.of(options.text("exim", "exim4")));
        proof.report.end();
    }

    /** A row with the lane that its mail takes. */
    private record Case(String server, Row row, String domain, int port) {}

    private void run(Path work, Path exim) throws Exception {
        try (Primary postfix = new PostfixPrimary();
                Primary other = new EximPrimary(exim)) {
            List<Case> cases = new ArrayList<>();
            cases.addAll(start(postfix, work, FIRST_POSTFIX));
            cases.addAll(start(other, work, FIRST_EXIM));
            for (Case c : cases) {
                await("port " + c.port(), () -> listens(c.port()));
            }
            try (Subject subject = new Subject(work.resolve("spool"))) {
                for (Case c : cases) {
                    subject.route(c.domain(), c.port(), c.row().tls());
                }
                subject.start();
                run(cases, subject);
            }
        }
    }

    private static List<Case> start(Primary primary, Path work, int firstPort)
            throws IOException, InterruptedException {
        primary.start(Files.createDirectories(work.resolve(primary.name())), firstPort);
        List<Case> cases = new ArrayList<>();
        for (Row row : primary.rows()) {
            int i = cases.size();
            cases.add(new Case(primary.name(), row, Primary.domain(primary.name(), i), firstPort + i));
        }
        return cases;
    }

    private void run(List<Case> cases, Subject subject) throws Exception {
        List<Case> warmed = cases.stream().filter(c -> c.row().warmed()).toList();
        for (Case c : warmed) {
            subject.send(c.domain(), "good", List.of("warmup"), 100);
        }
        await("proof of every path", () -> subject.forwarded() >= warmed.size());
        List<List<Subject.Sent>> sent = new ArrayList<>();
        for (Case c : cases) {
            List<Subject.Sent> messages = new ArrayList<>();
            for (int i = 0; i < c.row().mail().messages(); i++) {
                messages.add(subject.send(
                        c.domain(),
                        i == 0 ? "bad" : "bad" + i,
                        c.row().mail().recipients(),
                        c.row().mail().octets()));
            }
            sent.add(messages);
        }
        Waiting.until(LIMIT, () -> allAsExpected(cases, sent, subject));
        report.say(line("server", "stage", "reply", "expected", "found", "in the next hop's words"));
        for (int i = 0; i < cases.size(); i++) {
            tell(cases.get(i), subject.outcome(cases.get(i).domain(), sent.get(i)));
        }
        report.check(subject.isBalanced(), "every accepted recipient is accounted for");
    }

    private static boolean allAsExpected(List<Case> cases, List<List<Subject.Sent>> sent, Subject subject) {
        for (int i = 0; i < cases.size(); i++) {
            if (!isAsExpected(cases.get(i).row(), subject.outcome(cases.get(i).domain(), sent.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsExpected(Row row, Subject.Outcome found) {
        String code = row.reply().substring(0, 3);
        boolean said = row.fates().stream().allMatch(f -> f == Row.Fate.FORWARDED)
                || !code.matches("\\d+")
                || found.words().contains(code);
        return said && found.fates().equals(row.fates()) && found.lane() == row.lane();
    }

    private void tell(Case c, Subject.Outcome found) {
        boolean good = isAsExpected(c.row(), found);
        report.count(good);
        report.say(line(
                c.server(),
                c.row().stage(),
                c.row().reply(),
                shown(c.row().fates(), c.row().lane()),
                (good ? "" : "FAILED ") + shown(found.fates(), found.lane()),
                found.words()));
    }

    private static String shown(List<Row.Fate> fates, LaneState lane) {
        boolean same = fates.stream().distinct().count() == 1;
        String what = same ? fates.size() + " " + fates.get(0) : fates.toString();
        return what.toLowerCase(Locale.ROOT) + ", " + lane;
    }

    private static String line(String server, String stage, String reply, String expected, String found, String words) {
        return String.format(
                Locale.ROOT, "%-8s %-9s %-46s %-32s %-32s %s", server, stage, reply, expected, found, words);
    }

    private static void await(String what, BooleanSupplier condition) throws Exception {
        if (!Waiting.until(LIMIT, condition)) {
            throw new IOException(what + " was waited for in vain");
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
