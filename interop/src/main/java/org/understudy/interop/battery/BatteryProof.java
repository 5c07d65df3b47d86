package org.understudy.interop.battery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.mail.SmtpClient;

/** Options: {@code --work DIRECTORY}, {@code --messages N} of backscatter. Needs nmap. */
public final class BatteryProof {
    private static final String NAME = "mx2.battery.test";

    private final Report report = new Report("battery");
    private final Path work;

    private BatteryProof(Path work) {
        this.work = work;
    }

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments, List.of("work", "messages"));
        BatteryProof proof = new BatteryProof(Path.of(options.text("work", "")));
        proof.relay();
        new Backscatter(proof.report, proof.work.resolve("backscatter")).run((int) options.number("messages", 10_000));
        new Loops(proof.report, proof.work).run();
        proof.report.end();
    }

    /** Every form of address from every sender, and what the rest of the world has come up with. */
    private void relay() throws Exception {
        try (Primary primary = new Primary("mx1.battery.test", recipient -> true);
                Backup backup = Backup.start(work.resolve("relay"), NAME, primary.port())) {
            int refused = 0;
            int taken = 0;
            for (AddressForms.Form form : AddressForms.forms(NAME)) {
                for (String sender : AddressForms.senders(NAME)) {
                    boolean accepted = isAccepted(backup, sender, form.path());
                    report.count(!accepted || form.takes());
                    if (accepted && !form.takes()) {
                        report.check(false, "from " + sender + " for " + form.path() + ": taken");
                    }
                    refused += accepted ? 0 : 1;
                    taken += accepted ? 1 : 0;
                }
            }
            report.say(AddressForms.forms(NAME).size() + " forms of recipients from "
                    + AddressForms.senders(NAME).size() + " senders: " + refused + " refused, " + taken
                    + " taken for our domain");
            nmap(backup);
            Loops.waitFor(() -> backup.counts().queued() == 0);
            report.check(backup.counts().queued() == 0, "what was taken went to the primary");
            List<String> elsewhere = primary.recipients().stream()
                    .filter(r -> !r.toLowerCase(Locale.ROOT).matches("[^%!@]+@battery\\.test|postmaster"))
                    .toList();
            report.check(elsewhere.isEmpty(), "the primary was asked for nobody outside our domain " + elsewhere);
        }
    }

    private static boolean isAccepted(Backup backup, String sender, String recipient) throws IOException {
        try (SmtpClient client = new SmtpClient(backup.address())) {
            client.require("EHLO client.test", 250);
            if (!client.say("MAIL FROM:" + sender).startsWith("250")
                    || !client.say("RCPT TO:" + recipient).startsWith("250")) {
                return false;
            }
            client.require("DATA", 354);
            return client.say("Subject: battery\r\n\r\nHello\r\n.").startsWith("250");
        }
    }

    private void nmap(Backup backup) throws Exception {
        Process nmap = new ProcessBuilder(
                        "nmap",
                        "-Pn",
                        "-n",
                        "-p",
                        Integer.toString(backup.address().getPort()),
                        "--script",
                        "+smtp-open-relay",
                        "--script-args",
                        "smtp-open-relay.domain=ext.test,smtp-open-relay.ip=127.0.0.1",
                        "127.0.0.1")
                .redirectErrorStream(true)
                .start();
        String output = new String(nmap.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        nmap.waitFor();
        output.lines().filter(l -> l.startsWith("|")).forEach(l -> report.say("nmap: " + l));
        report.check(
                output.contains("Server doesn't seem to be an open relay, all tests failed"),
                "nmap smtp-open-relay: all its tests failed");
    }
}
