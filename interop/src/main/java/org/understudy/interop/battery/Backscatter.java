package org.understudy.interop.battery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.understudy.interop.Report;
import org.understudy.interop.mail.SmtpClient;
import org.understudy.spool.QueueCounts;

/** Spam for recipients that do not exist, from senders that did not send it: nobody may hear of it. */
final class Backscatter {
    private static final int CLIENTS = 8;

    private final Report report;
    private final Path directory;

    Backscatter(Report report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    void run(int messages) throws Exception {
        try (Primary primary = new Primary("mx1.battery.test", "known@battery.test"::equals);
                Backup backup = Backup.start(directory, "mx2.battery.test", primary.port())) {
            send(backup, "anna@sender.test", List.of("known"));
            Loops.waitFor(() -> backup.counts().forwarded() == 1);
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            List<Future<?>> sending = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                int client = c;
                sending.add(clients.submit(() -> {
                    List<String> names = new ArrayList<>();
                    for (int i = client; i < messages; i += CLIENTS) {
                        names.add("nobody" + i);
                    }
                    send(backup, "", names);
                    return null;
                }));
            }
            for (Future<?> future : sending) {
                future.get();
            }
            clients.shutdown();
            Loops.waitFor(() -> backup.counts().queued() == 0);
            QueueCounts counts = backup.counts();
            report.say(messages + " messages with forged senders for unknown recipients: " + counts.quarantined()
                    + " quarantined, " + counts.queued() + " queued");
            report.check(counts.quarantined() == messages, "all are kept for an operator");
            report.check(counts.isBalanced() && counts.forwarded() == 1, "none was handed on");
            report.check(primary.delivered().size() == 1, "the primary got none");
            long reports = primary.senders().stream().filter(String::isEmpty).count();
            report.check(reports == 0, "delivery reports that left: " + reports);
            long others = primary.recipients().stream()
                    .filter(r -> !r.endsWith("@battery.test"))
                    .count();
            report.check(others == 0, "recipients offered that are not of our domain: " + others);
        }
    }

    /** A message for each; an empty sender is forged anew for each. */
    private static void send(Backup backup, String sender, List<String> recipients) throws IOException {
        int sent = 0;
        while (sent < recipients.size()) {
            try (SmtpClient client = new SmtpClient(backup.address())) {
                client.require("EHLO client.test", 250);
                // The spool ends a session after some hundred messages.
                for (int n = 0; n < 90 && sent < recipients.size(); n++, sent++) {
                    String from = sender.isEmpty() ? "victim" + recipients.get(sent) + "@victim.test" : sender;
                    client.require("MAIL FROM:<" + from + ">", 250);
                    client.require("RCPT TO:<" + recipients.get(sent) + "@" + Backup.DOMAIN + ">", 250);
                    client.require("DATA", 354);
                    client.require("Subject: " + recipients.get(sent) + "\r\n\r\nBuy!\r\n.", 250);
                }
            }
        }
    }
}
