package org.understudy.agent.lab;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/** What the tests do to a lab from outside: send, read the mailbox, ask the name server, call the webhook. Stateless. */
final class LabWorld {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private LabWorld() {}

    /** A lab on free ports. */
    static LabSection section(Path directory) {
        return section(directory, 0, 20_000);
    }

    static LabSection section(Path directory, int primarySmtpPort, int keepMessages) {
        return new LabSection(
                true, null, null, directory, primarySmtpPort, 0, 0, 0, 0, null, null, null, null, keepMessages);
    }

    static Lab start(Path directory) {
        return Lab.start(section(directory), Clock.systemUTC());
    }

    static SessionOpening open(InetSocketAddress server, TlsPolicy tls) {
        return SmtpSession.open(
                new SmtpEndpoint("mx1.lab.test", server.getAddress(), server.getPort()),
                new SmtpClientSettings("client.test", tls, SmtpTimeouts.probing()),
                Deadline.after(PATIENCE));
    }

    static TransactionResult send(InetSocketAddress server, String recipient, String content)
            throws SmtpSyntaxException {
        try (SmtpSession session = open(server, TlsPolicy.NONE).session().orElseThrow()) {
            return session.send(
                    Envelope.of(
                            ReversePath.of(Mailbox.parse("jo@example.org")), ForwardPath.of(Mailbox.parse(recipient))),
                    MessageContent.of(content.getBytes(StandardCharsets.UTF_8)),
                    TransactionObserver.NONE);
        }
    }

    static String mail(String subject) {
        return "From: jo@example.org\r\nTo: x@lab.test\r\nSubject: " + subject + "\r\n\r\n.Hello\r\n";
    }

    /** Whole messages in the INBOX. */
    static List<String> inbox(Lab lab) throws MessagingException, IOException {
        Properties properties = new Properties();
        properties.put("mail.imap.connectiontimeout", "5000");
        properties.put("mail.imap.timeout", "5000");
        List<String> messages = new ArrayList<>();
        try (Store store = Session.getInstance(properties).getStore("imap")) {
            InetSocketAddress imap = lab.addresses().imap();
            store.connect(imap.getAddress().getHostAddress(), imap.getPort(), "canary", "canary");
            try (Folder folder = store.getFolder("INBOX")) {
                folder.open(Folder.READ_ONLY);
                for (Message message : folder.getMessages()) {
                    ByteArrayOutputStream octets = new ByteArrayOutputStream();
                    message.writeTo(octets);
                    messages.add(octets.toString(StandardCharsets.UTF_8));
                }
            }
        }
        return messages;
    }

    static org.xbill.DNS.Message ask(Lab lab, String name, int type, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(lab.addresses().dns());
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(2));
        return resolver.send(org.xbill.DNS.Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
    }

    static HttpResponse<String> call(Lab lab, String path, String payload) throws IOException, InterruptedException {
        URI webhook = lab.addresses().slack().resolve(path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(webhook)
                                .POST(HttpRequest.BodyPublishers.ofString(payload))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
