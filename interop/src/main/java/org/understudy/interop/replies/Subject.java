package org.understudy.interop.replies;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.mail.SmtpClient;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolReader;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.TrustedClients;
import org.understudy.spool.Unit;

/** The spool that is looked at, with a lane for each domain and so slow that each lane tries each message once. */
final class Subject implements AutoCloseable {
    private static final DomainName NAME = new DomainName("spool.test");
    private static final Pattern QUEUE_ID = Pattern.compile("\\b[0-9A-Z]{12}\\b");
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(300);

    private final Path directory;
    private final Map<DomainName, NextHop> routes = new HashMap<>();
    private @Nullable Spool spool;

    Subject(Path directory) {
        this.directory = directory;
    }

    /** A message that the spool took. */
    record Sent(QueueId id, int recipients) {}

    /** What became of messages and of their lane. */
    record Outcome(List<Row.Fate> fates, LaneState lane, String words) {}

    void route(String domain, int port, TlsPolicy tls) {
        routes.put(new DomainName(domain), new NextHop("127.0.0.1", port, tls));
    }

    void start() {
        ReceptionSettings reception = new ReceptionSettings(
                NAME,
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                16L * 1024 * 1024,
                100,
                30,
                SessionLimits.standard(),
                Optional.empty(),
                TrustedClients.NONE);
        ForwardingSettings forwarding = new ForwardingSettings(
                routes,
                NAME,
                NEVER,
                1,
                NEVER,
                NEVER,
                new ForwardingPatience(SOON, NEVER, Duration.ofDays(7)),
                SmtpTimeouts.forwarding());
        Spool opened = Spool.open(
                new SpoolSettings(
                        reception, new StorageSettings(directory, 16 * 1024 * 1024, 1024 * 1024, 0), forwarding),
                Clock.systemUTC());
        spool = opened;
        opened.start();
    }

    private Spool running() {
        Spool running = spool;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    Sent send(String domain, String sender, List<String> recipients, int octets) throws IOException {
        try (SmtpClient client = new SmtpClient(running().addresses().get(0))) {
            client.require("EHLO client.test", 250);
            client.require("MAIL FROM:<" + sender + "@sender.test>", 250);
            for (String recipient : recipients) {
                client.require("RCPT TO:<" + recipient + "@" + domain + ">", 250);
            }
            client.require("DATA", 354);
            String line = "x".repeat(70) + "\r\n";
            String reply = client.require(
                    "Subject: " + sender + "\r\n\r\n" + line.repeat(octets / line.length() + 1) + ".", 250);
            Matcher id = QUEUE_ID.matcher(reply);
            if (!id.find()) {
                throw new IOException("no queue id in: " + reply);
            }
            return new Sent(new QueueId(id.group()), recipients.size());
        }
    }

    long forwarded() {
        return running().status().counts().forwarded();
    }

    boolean isBalanced() {
        return running().status().counts().isBalanced();
    }

    Outcome outcome(String domain, List<Sent> messages) {
        LaneStatus lane = running().status().lanes().stream()
                .filter(l -> l.domains().contains(new DomainName(domain)))
                .findFirst()
                .orElseThrow();
        List<Row.Fate> fates = new ArrayList<>();
        List<String> words = new ArrayList<>();
        try (SpoolReader reader = SpoolReader.open(directory)) {
            for (Sent message : messages) {
                Optional<FoundMessage> found = reader.find(message.id());
                for (int i = 0; i < message.recipients(); i++) {
                    Optional<Unit> unit = unit(found, i);
                    fates.add(unit.map(Subject::fate).orElse(Row.Fate.FORWARDED));
                    unit.flatMap(Unit::lastReply).ifPresent(words::add);
                }
            }
        }
        lane.lastError().ifPresent(words::add);
        return new Outcome(
                fates,
                lane.state(),
                String.join(" | ", words.stream().distinct().toList()));
    }

    private static Optional<Unit> unit(Optional<FoundMessage> message, int number) {
        return message.flatMap(FoundMessage::message).stream()
                .flatMap(m -> m.units().stream())
                .filter(u -> u.number() == number)
                .findFirst();
    }

    private static Row.Fate fate(Unit unit) {
        return Row.Fate.valueOf(unit.state().name());
    }

    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
    }
}
