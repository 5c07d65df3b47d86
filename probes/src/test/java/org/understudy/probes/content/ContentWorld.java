package org.understudy.probes.content;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.MovableClock;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpIntent;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.canary.CanarySigner;
import org.understudy.probes.content.storage.SampleLedger;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/** A primary and a backup that both refuse what filters are there for, and take all else. A test spoils one of them. */
final class ContentWorld implements AutoCloseable {
    static final DomainName DOMAIN = new DomainName("example.org");
    static final String GTUBE = "GTUBE-STANDARD";
    static final String EICAR = "eicar\\.com";
    static final String ZIP = "application/zip";
    static final Duration WEEK = Duration.ofDays(7);
    private static final byte[] KEY = "a key of thirty-two octets, yes!".getBytes(StandardCharsets.UTF_8);

    final MovableClock clock = new MovableClock();
    final ScriptedServer primary = filtering(ScriptedServer.start());
    final ScriptedServer backup = filtering(ScriptedServer.start());
    final List<String> discarded = new ArrayList<>();
    SmtpIntent intent = SmtpIntent.STANDARD;
    boolean hasBackup = true;
    private final Path directory;

    ContentWorld(Path directory) {
        this.directory = directory;
    }

    static ScriptedServer filtering(ScriptedServer server) {
        return server.asUsual()
                .judging(GTUBE, "554 5.7.1 spam message rejected")
                .judging(EICAR, "554 5.7.1 infected with Eicar-Test-Signature");
    }

    /** Judges one content in another way than a server that is in order does. */
    static void spoil(ScriptedServer server, String content, String reply) {
        server.asUsual().judging(content, reply);
        server.judging(GTUBE, "554 5.7.1 spam message rejected")
                .judging(EICAR, "554 5.7.1 infected with Eicar-Test-Signature");
    }

    /** A new one each time, as after a restart. */
    ContentProbe probe() {
        Exchanger mx1 = new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, primary.port());
        Exchanger mx2 = new Exchanger(new DomainName("mx2.example.org"), Role.BACKUP, backup.port());
        MailDomain domain = new MailDomain(
                DOMAIN,
                hasBackup ? List.of(List.of(mx1), List.of(mx2)) : List.of(List.of(mx1)),
                DeclaredIntent.STANDARD.withSmtp(intent));
        SmtpClientSettings client =
                new SmtpClientSettings("agent.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.all(Duration.ofSeconds(5)));
        ContentProbe.Tools tools = new ContentProbe.Tools(
                SampleLedger.open(database()),
                new CanarySigner(KEY, clock),
                new SmtpQuestioner(
                        SmtpProbeSettings.of(client, ReversePath.NULL),
                        host -> List.of(InetAddress.getLoopbackAddress()),
                        clock),
                host -> List.of(InetAddress.getLoopbackAddress()),
                (host, queueId) -> discarded.add(host + " " + queueId));
        return new ContentProbe(domain, settings(), tools, WEEK, clock);
    }

    private SQLiteDataSource database() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + directory.resolve("canaries.db"));
        return source;
    }

    static CanarySettings settings() {
        return new CanarySettings(
                new Mailbox("canary", "example.org"),
                new Mailbox("probe", "example.net"),
                new ImapSettings("127.0.0.1", 143, ImapSettings.Tls.NONE, "canary", "secret", List.of("INBOX")),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofMinutes(30));
    }

    ProbeResult run() {
        return probe().run(Deadline.after(Duration.ofSeconds(60)));
    }

    static List<String> ids(ProbeResult result) {
        return result.findings().stream().map(f -> f.type().id()).toList();
    }

    /** How many messages a server was asked to take. */
    static long offered(ScriptedServer server) {
        return server.commands().stream().filter(c -> c.startsWith("MAIL ")).count();
    }

    @Override
    public void close() {
        primary.close();
        backup.close();
    }
}
