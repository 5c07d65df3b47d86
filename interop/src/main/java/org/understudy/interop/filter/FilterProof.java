package org.understudy.interop.filter;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.interop.Options;
import org.understudy.interop.Report;
import org.understudy.interop.Waiting;
import org.understudy.interop.mail.Sink;
import org.understudy.interop.mail.SmtpClient;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.FilterCounts;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolReader;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;

/** What becomes of ham and of GTUBE at a spool that asks a real rspamd, while the primary is up, in trouble, and without rspamd. */
public final class FilterProof {
    private static final DomainName NAME = new DomainName("mx2.filter.test");
    private static final Pattern QUEUE_ID = Pattern.compile("\\b[0-9A-Z]{12}\\b");
    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";
    private static final String MULTIPART = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n";
    private static final String ATTACHMENT = "Hello\r\n".repeat(40_000);

    private final Path work;
    private final Report report = new Report("filter");
    private final Sink primary;
    private final NextHop nextHop;

    private FilterProof(Path work, Sink primary) {
        this.work = work;
        this.primary = primary;
        this.nextHop = new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE);
    }

    /** Arguments: a directory, where rspamd listens, and its process. */
    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments, List.of("work", "rspamd", "process"));
        try (Sink primary = new Sink()) {
            primary.open();
            FilterProof proof = new FilterProof(Path.of(options.text("work", "")), primary);
            try (Spool spool = Spool.open(proof.settings(URI.create(options.text("rspamd", ""))), Clock.systemUTC())) {
                spool.start();
                proof.whileUp(spool);
                proof.inTrouble(spool, options.number("process", 0));
            }
            proof.report.end();
        }
    }

    private void whileUp(Spool spool) throws IOException {
        spool.signOfLife(nextHop, "proof");
        send(spool, "Hello", 250);
        report.check(
                Waiting.until(Duration.ofSeconds(20), () -> primary.count() == 1), "ham goes through to the primary");
        String reply = send(spool, GTUBE, 451);
        report.check(reply.startsWith("451 4.7.1 "), "GTUBE is put off while the primary is up: " + reply);
        report.check(spool.status().counts().messages() == 0, "and not kept");
    }

    private void inTrouble(Spool spool, long rspamd) throws IOException {
        primary.shut();
        spool.signOfTrouble(nextHop, "proof");
        String ham = taken(spool, "Hello");
        report.check(ham.startsWith("Received: "), "ham is taken as it is: " + firstLine(ham));
        String spam = taken(spool, GTUBE);
        report.check(
                spam.startsWith("X-Understudy-Filter: mx2.filter.test; suspicious; rspamd: reject ")
                        && spam.contains("GTUBE"),
                "GTUBE is taken with a mark while the primary is in trouble: " + firstLine(spam));
        report.check(spam.endsWith(GTUBE + "\r\n"), "and its content is whole");
        String large = taken(spool, "--part\r\n\r\n" + GTUBE + "\r\n--part\r\n\r\n" + ATTACHMENT + "--part--");
        report.check(
                large.startsWith("X-Understudy-Filter: ") && large.endsWith(ATTACHMENT + "--part--\r\n"),
                "so it is with a long one: " + large.length() + " octets");
        report.check(
                spool.status().filtered().equals(new FilterCounts(2, 1, 2, 0)),
                "counted: " + spool.status().filtered());
        ProcessHandle.of(rspamd).ifPresent(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        });
        String unchecked = taken(spool, GTUBE);
        report.check(unchecked.startsWith("Received: "), "without rspamd mail is taken: " + firstLine(unchecked));
        report.check(
                spool.status().filtered().equals(new FilterCounts(2, 1, 2, 1)),
                "and counted as unchecked: " + spool.status().filtered());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static String send(Spool spool, String body, int code) throws IOException {
        try (SmtpClient session = new SmtpClient(spool.addresses().get(0))) {
            session.require("EHLO client.example", 250);
            session.require("MAIL FROM:<anna@sender.example>", 250);
            session.require("RCPT TO:<a@filter.test>", 250);
            session.require("DATA", 354);
            String reply = session.require(
                    "From: anna@sender.example\r\nTo: a@filter.test\r\nSubject: filter\r\n"
                            + "Date: Thu, 26 Nov 2026 03:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n"
                            + (body.startsWith("--part") ? MULTIPART : "") + "\r\n" + body
                            + "\r\n.",
                    code);
            session.require("QUIT", 221);
            return reply;
        }
    }

    private String taken(Spool spool, String body) throws IOException {
        String reply = send(spool, body, 250);
        Matcher id = QUEUE_ID.matcher(reply);
        if (!id.find()) {
            throw new IOException("no queue id in: " + reply);
        }
        try (SpoolReader reader = SpoolReader.open(work.resolve("spool"));
                InputStream content = reader.content(new QueueId(id.group())).open()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private SpoolSettings settings(URI rspamd) {
        ReceptionSettings reception = new ReceptionSettings(
                NAME,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                1024 * 1024,
                100,
                100,
                SessionLimits.standard(),
                Optional.empty(),
                TrustedClients.NONE);
        ForwardingSettings forwarding = new ForwardingSettings(
                Map.of(new DomainName("filter.test"), nextHop),
                NAME,
                Duration.ofHours(1),
                1,
                Duration.ofHours(1),
                Duration.ofHours(1),
                ForwardingPatience.standard(),
                SmtpTimeouts.forwarding());
        return new SpoolSettings(
                        reception, new StorageSettings(work.resolve("spool"), 1024 * 1024, 256 * 1024, 0), forwarding)
                .withFilter(none -> new FilterSettings(
                        Optional.of(rspamd), none.listings(), none.time(), none.largestBytes(), List.of()));
    }
}
