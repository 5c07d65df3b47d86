package org.understudy.interop.order;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.mail.NumberedMail;
import org.understudy.interop.mail.Sender;
import org.understudy.interop.mail.Sink;
import org.understudy.interop.mail.SpoolChild;
import org.understudy.interop.recording.Recording;
import org.understudy.spool.QueueId;

/**
 * Sends mail from many clients to a spool under strace and holds the recording against every 250. Then the same with syncs that
 * do nothing, of which every 250 must be found wanting.
 */
public final class OrderProof {
    private static final String CALLS =
            "openat,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,rename," + Recording.FORKS;
    private static final int CLIENTS = 16;
    private static final int SEGMENT_BYTES = 1024 * 1024;
    private static final int LARGE_BYTES = 128 * 1024;
    private static final int LARGEST = 256 * 1024;
    /** Shorter content is not looked for by its end. */
    private static final int SHORTEST_END = 64;

    private final Path work;
    private final long seed;
    private final int messages;
    private final Report report;

    private OrderProof(Path work, long seed, int messages, Report report) {
        this.work = work;
        this.seed = seed;
        this.messages = messages;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("seed", "messages", "work"));
        Report report = new Report("order");
        long seed = options.number("seed", System.nanoTime() % 1_000_000);
        report.say("seed " + seed);
        OrderProof proof = new OrderProof(
                Path.of(options.text("work", "")).toAbsolutePath(),
                seed,
                (int) options.number("messages", 480),
                report);
        proof.honest();
        proof.control();
        report.end();
    }

    private void honest() throws IOException, InterruptedException {
        Map<QueueId, NumberedMail> sent = new HashMap<>();
        ReplyOrder order = run("honest", List.of(), sent);
        List<String> wanting = wanting(order, sent);
        wanting.stream().limit(20).forEach(report::say);
        report.check(sent.size() == messages, sent.size() + " of " + messages + " messages answered 250");
        report.check(order.replies().keySet().equals(sent.keySet()), "each 250 that was read stands in the recording");
        report.check(
                wanting.isEmpty(),
                "each 250 left after its content, its record, its row in the index and all their names were synced ("
                        + wanting.size() + " did not)");
    }

    private void control() throws IOException, InterruptedException {
        Map<QueueId, NumberedMail> sent = new HashMap<>();
        ReplyOrder order = run("control", List.of("-e", "inject=fsync,fdatasync:retval=0"), sent);
        int wanting = wanting(order, sent).size();
        report.check(
                wanting == sent.size() && wanting > 0,
                "control: with syncs that do nothing every 250 is found wanting: " + wanting + " of " + sent.size());
    }

    private List<String> wanting(ReplyOrder order, Map<QueueId, NumberedMail> sent) {
        List<String> wanting = new ArrayList<>();
        sent.forEach((id, mail) -> {
            List<String> missing = order.missing(id, mail.content().size() >= SHORTEST_END);
            if (!missing.isEmpty()) {
                wanting.add(id + " (" + mail.content().size() + " octets) left without " + String.join(", ", missing));
            }
        });
        return wanting;
    }

    private ReplyOrder run(String name, List<String> straceOptions, Map<QueueId, NumberedMail> sent)
            throws IOException, InterruptedException {
        Path place = Files.createDirectories(work.resolve(name));
        Path file = place.resolve("strace");
        List<String> prefix = new ArrayList<>(List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-y",
                "-xx",
                "-s",
                "16777216",
                "-e",
                "trace=" + CALLS,
                "-e",
                "signal=none",
                "-o",
                file.toString()));
        prefix.addAll(straceOptions);
        Path directory = place.resolve("spool");
        try (Sink sink = new Sink();
                SpoolChild spool = new SpoolChild(new SpoolChild.Settings(
                        directory,
                        sink.port(),
                        SEGMENT_BYTES,
                        LARGE_BYTES,
                        prefix,
                        place.resolve("log").toFile()))) {
            send(spool.awaitPort(), sent);
        }
        List<Pattern> sought = new ArrayList<>();
        sent.forEach((id, mail) -> {
            sought.add(Pattern.idText(id));
            sought.add(Pattern.idNumber(id));
            if (mail.content().size() >= SHORTEST_END) {
                sought.add(Pattern.endOfContent(id, mail.content().octets()));
            }
        });
        return new ReplyOrder(Recording.read(List.of(file)), directory.toString(), sought);
    }

    private void send(int port, Map<QueueId, NumberedMail> sent) throws InterruptedException {
        Map<QueueId, NumberedMail> answered = Collections.synchronizedMap(sent);
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int first = client;
            clients.add(new Thread(() -> {
                try (Sender sender = new Sender(port, Duration.ofSeconds(60))) {
                    for (int number = first; number < messages; number += CLIENTS) {
                        NumberedMail mail = NumberedMail.of(seed, number, 1 + number % 3, size(number));
                        Sender.Answer answer = sender.send(mail);
                        if (answer.isAccepted()) {
                            answered.put(new QueueId(answer.queueId()), mail);
                        } else {
                            report.say(answer.text());
                        }
                    }
                } catch (IOException e) {
                    report.say("a client failed: " + e);
                }
            }));
        }
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
    }

    private int size(int number) {
        Random random = new Random(seed ^ number);
        return switch (number % 12) {
            case 0 -> LARGE_BYTES + random.nextInt(LARGEST);
            case 1, 2 -> random.nextInt(LARGE_BYTES);
            case 3 -> 0;
            default -> random.nextInt(4096);
        };
    }
}
