package org.understudy.interop.trace;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.interop.Options;
import org.understudy.interop.mail.SmtpClient;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
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

/**
 * Writes mail as a primary has it behind the spool: {@code N.eml}, with the trace fields of both. The client of each is on a line
 * of standard output. Options: {@code --work DIRECTORY}.
 */
public final class TraceMail {
    private static final DomainName NAME = new DomainName("mx2.trace.test");
    private static final Pattern QUEUE_ID = Pattern.compile("\\b[0-9A-Z]{12}\\b");
    private static final List<String> OF_THE_PRIMARY = List.of(
            "Received: from mx2.trace.test (mx2.trace.test [203.0.113.7])",
            "\tby mx1.trace.test (Postfix) with ESMTP id 4ABC123",
            "\tfor <a@trace.test>; Thu, 26 Nov 2026 03:00:01 +0000 (UTC)",
            "");

    private TraceMail() {}

    /** A client by address, as XCLIENT has it, and by greeting. */
    private record Client(String address, String xclient, String greeting) {}

    private static final List<Client> CLIENTS = List.of(
            new Client("198.51.100.25", "198.51.100.25", "EHLO client.example"),
            new Client("198.51.100.26", "198.51.100.26", "HELO client.example"),
            new Client("198.51.100.27", "198.51.100.27", "EHLO [198.51.100.27]"),
            new Client("198.51.100.28", "198.51.100.28", "EHLO localhost"),
            new Client("198.51.100.29", "198.51.100.29", "EHLO [203.0.113.99])_(by_x"),
            new Client("2001:db8::25", "IPV6:2001:db8::25", "EHLO client6.example"),
            new Client("2001:db8::26", "IPV6:2001:db8::26", "EHLO [IPv6:2001:db8::26]"));

    public static void main(String[] arguments) throws IOException {
        Path work = Path.of(Options.parse(arguments, List.of("work")).text("work", ""));
        try (Spool spool = Spool.open(settings(work.resolve("spool")), Clock.systemUTC())) {
            spool.start();
            for (int i = 0; i < CLIENTS.size(); i++) {
                QueueId id = send(spool, CLIENTS.get(i));
                try (SpoolReader reader = SpoolReader.open(work.resolve("spool"));
                        InputStream content = reader.content(id).open()) {
                    String mail = String.join("\r\n", OF_THE_PRIMARY)
                            + new String(content.readAllBytes(), StandardCharsets.UTF_8);
                    Files.writeString(work.resolve(i + ".eml"), mail);
                }
                System.out.println(CLIENTS.get(i).address());
            }
        }
        System.out.flush();
    }

    private static QueueId send(Spool spool, Client client) throws IOException {
        try (SmtpClient session = new SmtpClient(spool.addresses().get(0))) {
            session.require("EHLO mx.test", 250);
            session.require("XCLIENT ADDR=" + client.xclient(), 220);
            session.require(client.greeting(), 250);
            session.require("MAIL FROM:<anna@sender.example>", 250);
            session.require("RCPT TO:<a@trace.test>", 250);
            session.require("DATA", 354);
            String reply = session.require(
                    "From: anna@sender.example\r\nSubject: trace\r\nDate: Thu, 26 Nov 2026 03:00:00 +0000\r\n"
                            + "Message-ID: <1@sender.example>\r\n\r\nHello\r\n.",
                    250);
            // Who leaves without a word did not hear the reply, and sends the same again.
            session.require("QUIT", 221);
            Matcher id = QUEUE_ID.matcher(reply);
            if (!id.find()) {
                throw new IOException("no queue id in: " + reply);
            }
            return new QueueId(id.group());
        }
    }

    private static SpoolSettings settings(Path directory) {
        ReceptionSettings reception = new ReceptionSettings(
                NAME,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                1024 * 1024,
                100,
                100,
                SessionLimits.standard(),
                Optional.empty(),
                new TrustedClients(List.of(), List.of(Network.parse("127.0.0.0/8"))));
        ForwardingSettings forwarding = new ForwardingSettings(
                // Nobody is there: the mail stays.
                Map.of(new DomainName("trace.test"), new NextHop("127.0.0.1", 1, TlsPolicy.NONE)),
                NAME,
                Duration.ofHours(1),
                1,
                Duration.ofHours(1),
                Duration.ofHours(1),
                ForwardingPatience.standard(),
                SmtpTimeouts.forwarding());
        return new SpoolSettings(reception, new StorageSettings(directory, 1024 * 1024, 256 * 1024, 0), forwarding);
    }
}
