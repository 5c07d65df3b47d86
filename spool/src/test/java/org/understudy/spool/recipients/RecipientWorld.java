package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.DirectorySettings;
import org.understudy.spool.ForwardingPatience;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.LoopbackReception;
import org.understudy.spool.NextHop;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolSettings;
import org.understudy.spool.StorageSettings;

/** A whole spool with a directory for example.org, a primary that knows some recipients, and a clock that is moved by hand. */
final class RecipientWorld implements AutoCloseable {
    static final String USUAL_SENDER = "s@sender.test";
    static final Duration CALLOUT_TIME = Duration.ofSeconds(2);
    private static final DomainName DOMAIN = new DomainName("example.org");
    private static final Duration SHORT = Duration.ofSeconds(5);

    final MovableClock clock = new MovableClock();
    final ScriptedServer primary = ScriptedServer.start();
    private final Set<String> mailboxes = ConcurrentHashMap.newKeySet();
    private final Path directory;
    private final RecipientSettings settings;
    private final Predicate<RecipientRequest> canary;
    private volatile String refusal = "550 5.1.1 no such user";
    private volatile @Nullable String everybody;
    private @Nullable Spool spool;
    /** Whether senders are who they say they are. */
    volatile boolean authentic;

    RecipientWorld(Path directory, RecipientSettings settings) {
        this(directory, settings, request -> false);
    }

    RecipientWorld(Path directory, RecipientSettings settings, Predicate<RecipientRequest> canary) {
        this.directory = directory;
        this.settings = settings;
        this.canary = canary;
        mailboxes.add("postmaster");
        primary.answer("RCPT", n -> answer());
        restart();
    }

    private @Nullable String answer() {
        String forced = everybody;
        if (forced != null) {
            return forced;
        }
        String address = lastRecipient();
        return takes(address) ? null : refusal;
    }

    private String lastRecipient() {
        String command = rcpts().reduce("", (before, last) -> last);
        return command.replaceAll(".*<(.*)>.*", "$1");
    }

    private java.util.stream.Stream<String> rcpts() {
        return primary.commands().stream().filter(c -> c.startsWith("RCPT"));
    }

    /** True if the primary, in its right mind, has such a recipient. */
    boolean takes(String address) {
        return mailboxes.contains("*") || mailboxes.contains(address.substring(0, address.lastIndexOf('@')));
    }

    RecipientWorld knows(String... localParts) {
        mailboxes.addAll(List.of(localParts));
        return this;
    }

    void forgets(String localPart) {
        mailboxes.remove(localPart);
    }

    void refusesWith(String reply) {
        refusal = reply;
    }

    /** Says this to every RCPT, whatever it knows. */
    void saysToEverybody(String reply) {
        everybody = reply;
    }

    void isInItsRightMind() {
        everybody = null;
    }

    /** How often the primary was asked for an address. */
    long asked(String localPart) {
        return rcpts().filter(c -> c.contains("<" + localPart + "@")).count();
    }

    /** Waits until so many callouts for an address have been made, and their sessions are over. */
    void awaitCallouts(String localPart, long count) {
        await().until(() -> asked(localPart) == count
                && primary.commands().stream().filter(c -> c.equals("QUIT")).count() == primary.connections());
    }

    Path database() {
        return directory.resolve("spool").resolve("recipients.db");
    }

    Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("not open");
        }
        return spool;
    }

    void shutDown() {
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    void restart() {
        shutDown();
        SmtpTimeouts timeouts = SmtpTimeouts.all(SHORT);
        Spool opened = Spool.open(
                new SpoolSettings(
                        LoopbackReception.settings(1_000_000, 1000),
                        new StorageSettings(directory.resolve("spool"), 1024 * 1024, 256 * 1024, 0),
                        new ForwardingSettings(
                                Map.of(DOMAIN, nextHop()),
                                new DomainName("mx2.test"),
                                Duration.ofMillis(200),
                                2,
                                Duration.ofMillis(300),
                                Duration.ofSeconds(2),
                                ForwardingPatience.standard(),
                                timeouts),
                        new DirectorySettings(
                                Map.of(DOMAIN, settings), canary, (client, sender) -> authentic, CALLOUT_TIME)),
                clock);
        opened.start();
        spool = opened;
    }

    NextHop nextHop() {
        return new NextHop("127.0.0.1", primary.port(), TlsPolicy.NONE);
    }

    InetSocketAddress address() {
        return spool().addresses().get(0);
    }

    LaneStatus lane() {
        return spool().status().lanes().get(0);
    }

    private SmtpSession session() {
        return SmtpSession.open(
                        new SmtpEndpoint(
                                "mx2.test", address().getAddress(), address().getPort()),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofSeconds(30)))
                .session()
                .orElseThrow();
    }

    /** What the spool answers to RCPT, without any mail. */
    String rcpt(String localPart) {
        return rcpt(USUAL_SENDER, localPart);
    }

    String rcpt(String sender, String localPart) {
        try (SmtpSession session = session()) {
            assertThat(session.mail(sender(sender)).isPositive()).isTrue();
            return session.rcpt(path(localPart)).reply().orElseThrow().toString();
        }
    }

    static ForwardPath path(String localPart) {
        return new ForwardPath(localPart, Optional.of("example.org"));
    }

    private static ReversePath sender(String address) {
        int at = address.indexOf('@');
        return at < 0
                ? ReversePath.NULL
                : ReversePath.of(new Mailbox(address.substring(0, at), address.substring(at + 1)));
    }

    /** Sends a message through the spool. */
    void send(String localPart) {
        try (SmtpSession session = session()) {
            TransactionResult result = session.send(
                    Envelope.of(sender(USUAL_SENDER), path(localPart)),
                    MessageContent.of("x\r\n".getBytes(StandardCharsets.US_ASCII)),
                    TransactionObserver.NONE);
            assertThat(result.outcome()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
        }
    }

    void down() {
        primary.pause();
        send("postmaster");
        await().until(() -> lane().state() == LaneState.DOWN);
    }

    /** Up again after an outage, and all mail handed on. */
    void recovering() {
        down();
        primary.resume();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> spool().status().counts().messages() == 0);
        assertThat(lane().state()).isEqualTo(LaneState.RECOVERING);
    }

    @Override
    public void close() {
        primary.close();
        shutDown();
    }
}
