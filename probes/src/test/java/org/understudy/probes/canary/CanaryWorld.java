package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.understudy.probes.Canaries;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.MovableClock;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/** A domain with a primary, a backup and a mailbox, in which the test plays the part of everything behind the exchangers. */
final class CanaryWorld implements AutoCloseable {
    static final DomainName DOMAIN = new DomainName("example.org");
    static final DomainName MX1 = new DomainName("mx1.example.org");
    static final DomainName MX2 = new DomainName("mx2.example.org");
    static final String[] VIA_PRIMARY = {"mx1.example.org"};
    static final String[] VIA_BACKUP = {"mx2.example.org", "mx1.example.org"};
    private static final byte[] KEY = "a key of thirty-two octets, yes!".getBytes(StandardCharsets.UTF_8);
    private static final String USER = "canary";

    final MovableClock clock = new MovableClock();
    final ScriptedServer mx1 = ScriptedServer.start();
    final ScriptedServer mx2 = ScriptedServer.start();
    final Set<String> heldIds = ConcurrentHashMap.newKeySet();
    private volatile List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
    private final Path directory;
    private Duration patience = Duration.ofSeconds(20);
    private String password = "secret";
    private volatile boolean diskFull;
    private GreenMail imap;
    private Canaries canaries;

    private CanaryWorld(Path directory) {
        this.directory = directory;
        this.imap = startMailbox(0);
        this.canaries = open();
    }

    static CanaryWorld in(Path directory) {
        return new CanaryWorld(directory);
    }

    /** How long runs wait from the next probe on. */
    CanaryWorld patience(Duration value) {
        patience = value;
        return this;
    }

    /** What the exchangers resolve to; they listen on the first alone. */
    CanaryWorld addresses(InetAddress... values) {
        addresses = List.of(values);
        return this;
    }

    /** From now on nothing can be written to the ledger, or it can again. */
    void diskFull(boolean value) {
        diskFull = value;
    }

    CanaryWorld wrongPassword() {
        password = "guessed";
        return this;
    }

    private static GreenMail startMailbox(int port) {
        ServerSetup setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_IMAP);
        setup.setServerStartupTimeout(10_000);
        GreenMail server = new GreenMail(setup);
        server.setUser("canary@example.org", USER, "secret");
        server.start();
        return server;
    }

    private Canaries open() {
        SmtpClientSettings smtp =
                new SmtpClientSettings("agent.example.net", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing());
        Canaries opened = Canaries.open(database(), KEY, host -> addresses, smtp, heldIds::contains, clock);
        opened.start();
        return opened;
    }

    private DataSource database() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(5000);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config) {
            @Override
            public SQLiteConnection getConnection(String user, String word) throws SQLException {
                SQLiteConnection connection = super.getConnection(user, word);
                if (diskFull) {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("PRAGMA query_only = 1");
                    }
                }
                return connection;
            }
        };
        source.setUrl("jdbc:sqlite:" + directory.resolve("canary.db"));
        return source;
    }

    /** Signs as the canaries are signed. */
    CanarySigner signer() {
        return new CanarySigner(KEY, clock);
    }

    Canaries canaries() {
        return canaries;
    }

    /** Ends the agent and starts it again with what is on disk. */
    void restart() {
        canaries.close();
        canaries = open();
    }

    /** A mailbox server with the same port, another UIDVALIDITY and nothing of what it had. */
    void replaceMailbox() {
        int port = imap.getImap().getPort();
        long uidValidity = folder("INBOX").getUidValidity();
        imap.stop();
        // It takes its start in seconds for UIDVALIDITY.
        await().until(() -> Clock.systemUTC().instant().getEpochSecond() > uidValidity + 1);
        imap = startMailbox(port);
    }

    CanarySettings settings() {
        ImapSettings mailbox = new ImapSettings(
                "127.0.0.1", imap.getImap().getPort(), ImapSettings.Tls.NONE, USER, password, List.of("INBOX", "Junk"));
        return new CanarySettings(
                new Mailbox("canary", "example.org"),
                new Mailbox("probe", "example.net"),
                mailbox,
                Duration.ofMillis(100),
                patience,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30));
    }

    Probe viaPrimary() {
        return probe(new Exchanger(MX1, Role.PRIMARY, mx1.port()));
    }

    Probe viaBackup() {
        return probe(new Exchanger(MX2, Role.BACKUP, mx2.port()));
    }

    private Probe probe(Exchanger exchanger) {
        MailDomain domain = new MailDomain(
                DOMAIN,
                List.of(
                        List.of(new Exchanger(MX1, Role.PRIMARY, mx1.port())),
                        List.of(new Exchanger(MX2, Role.BACKUP, mx2.port()))));
        return canaries.probe(domain, exchanger, settings());
    }

    static CompletableFuture<ProbeResult> start(Probe probe) {
        return CompletableFuture.supplyAsync(() -> run(probe));
    }

    static ProbeResult run(Probe probe) {
        return probe.run(Deadline.after(Duration.ofSeconds(40)));
    }

    /** Runs a probe whose canary is delivered as it should be. */
    ProbeResult runDelivered(Probe probe, ScriptedServer server, String... hops) {
        int before = server.messages().size();
        CompletableFuture<ProbeResult> run = start(probe);
        deliver("INBOX", received(server, before), hops);
        return run.join();
    }

    /** The n-th message that an exchanger took. */
    String received(ScriptedServer server, int n) {
        await().atMost(Duration.ofSeconds(10)).until(() -> server.messages().size() > n);
        return server.messages().get(n).text();
    }

    /** Puts a message into the mailbox, with a trace field of each host that had it, first one first. */
    void deliver(String folder, String text, String... hops) {
        StringBuilder traced = new StringBuilder(text);
        String from = "agent.example.net";
        for (String hop : hops) {
            traced.insert(
                    0,
                    "Received: from " + from + " (by the way [127.0.0.1])\r\n\tby " + hop + " (Scripted) with ESMTP id "
                            + Long.toHexString(System.nanoTime())
                            + "\r\n\tfor <canary@example.org>; Tue, 24 Nov 2026 12:00:00 +0000\r\n");
            from = hop;
        }
        put(folder, traced.toString());
    }

    /** Puts a message into the mailbox as it is. */
    void put(String folder, String text) {
        try {
            MimeMessage message = new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
            folder(folder).store(message);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a folder, if there is none yet. */
    CanaryWorld withFolder(String name) {
        assertThat(folder(name)).isNotNull();
        return this;
    }

    long count(String folder) {
        return folder(folder).getMessages().size();
    }

    private MailFolder folder(String name) {
        GreenMailUser user = imap.getUserManager().getUser(USER);
        try {
            if (name.equals("INBOX")) {
                return imap.getManagers().getImapHostManager().getInbox(user);
            }
            MailFolder existing = imap.getManagers().getImapHostManager().getFolder(user, name);
            return existing != null
                    ? existing
                    : imap.getManagers().getImapHostManager().createMailbox(user, name);
        } catch (FolderException | AuthorizationException e) {
            throw new IllegalStateException(e);
        }
    }

    CanaryEvidence latest(DomainName host) {
        return canaries.latest(DOMAIN, host).orElseThrow();
    }

    @Override
    public void close() {
        canaries.close();
        imap.stop();
        mx1.close();
        mx2.close();
    }
}
