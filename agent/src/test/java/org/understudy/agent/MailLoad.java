package org.understudy.agent;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;

/** Sends mail of every awkward kind and remembers what was answered 250. Thread-safe. */
final class MailLoad {
    private final int port;
    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    private final Queue<Integer> cutOff = new ConcurrentLinkedQueue<>();

    MailLoad(int port) {
        this.port = port;
    }

    /** SHA-256 of the content to the number of the message. */
    Map<String, Integer> acknowledged() {
        return acknowledged;
    }

    /** Numbers of messages whose end was not heard. */
    Queue<Integer> cutOff() {
        return cutOff;
    }

    Optional<SmtpSession> open() {
        return SmtpSession.open(
                        new SmtpEndpoint("mx2.lab.test", InetAddress.getLoopbackAddress(), port),
                        new SmtpClientSettings("sender.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofMinutes(2)))
                .session();
    }

    /** True if the message was answered 250. */
    boolean send(SmtpSession session, int number) {
        byte[] content = content(number);
        ReversePath reversePath =
                number % 10 == 0 ? ReversePath.NULL : ReversePath.of(new Mailbox("s" + number, "sender.test"));
        TransactionResult result = session.send(
                Envelope.of(reversePath, new ForwardPath("user" + number % 7, Optional.of("lab.test"))),
                MessageContent.of(content),
                TransactionObserver.NONE);
        if (result.outcome() == TransactionResult.Outcome.ACCEPTED) {
            acknowledged.put(sha256(content), number);
            return true;
        }
        cutOff.add(number);
        return false;
    }

    static byte[] content(int number) {
        String header = "Subject: message " + number + "\r\nMessage-ID: <" + number + "@sender.test>\r\n";
        String body = switch (number % 5) {
            case 0 -> "";
            case 1 -> "\r\n.\r\n..\r\n.leading dot\r\nlone dot above\r\n.\r\n";
            case 2 -> "\r\n8-bit: \u00e4\u00f6\u00fc\u0000\u00ff\r\nno trace of change\r\n";
            case 3 -> "\r\n" + "x".repeat(990) + "\r\n\r\n\r\n";
            default -> "\r\n" + "line of an ordinary message\r\n".repeat(100);
        };
        if (number == 100) {
            body = "\r\n" + fiveMegabytes();
        }
        return (header + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String fiveMegabytes() {
        Random random = new Random(100);
        StringBuilder text = new StringBuilder();
        while (text.length() < 5_000_000) {
            for (int i = 0; i < 76; i++) {
                text.append((char) (' ' + 1 + random.nextInt(200)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
