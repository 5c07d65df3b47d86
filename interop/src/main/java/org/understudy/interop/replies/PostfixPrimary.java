package org.understudy.interop.replies;

import static org.understudy.interop.replies.Row.Fate.FORWARDED;
import static org.understudy.interop.replies.Row.Fate.QUARANTINED;
import static org.understudy.interop.replies.Row.Fate.QUEUED;
import static org.understudy.spool.LaneState.DOWN;
import static org.understudy.spool.LaneState.FROZEN;
import static org.understudy.spool.LaneState.UP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.understudy.interop.replies.Row.Mail;
import org.understudy.smtp.TlsPolicy;

/** Postfix, with one smtpd for each row; what it takes it throws away. The configuration of a row is options of that smtpd. */
final class PostfixPrimary implements Primary {
    private static final String NOW = "smtpd_delay_reject = no";
    private static final String NOT_OURS = "relay_domains =";
    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = @work@/queue
            data_directory = @work@/data
            maillog_file = @work@/maillog
            maillog_file_prefixes = /tmp, /dev/shm
            myhostname = mx.postfix.test
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 192.0.2.255/32
            alias_maps =
            alias_database =
            relay_domains = @domains@
            relay_transport = discard
            default_transport = discard
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_client_connection_count_limit = 0
            smtpd_tls_cert_file = @work@/certificate.pem
            smtpd_tls_key_file = @work@/key.pem
            smtpd_tls_security_level = none
            """;
    private static final String SERVICES = """
            cleanup   unix n - n - 0 cleanup
            cleanup-choosy unix n - n - 0 cleanup -o { header_checks = regexp:{ { /^Subject: bad/ REJECT 5.7.1 not this } } }
            qmgr      unix n - n 300 1 qmgr
            rewrite   unix - - n - - trivial-rewrite
            bounce    unix - - n - 0 bounce
            defer     unix - - n - 0 bounce
            trace     unix - - n - 0 bounce
            verify    unix - - n - 1 verify
            proxymap  unix - - n - - proxymap
            error     unix - - n - - error
            retry     unix - - n - - error
            discard   unix - - n - - discard
            tlsmgr    unix - - n 1000? 1 tlsmgr
            anvil     unix - - n - 1 anvil
            postlog   unix-dgram n - n - 1 postlogd
            """;

    private @Nullable Path directory;

    @Override
    public String name() {
        return "postfix";
    }

    private static String access(String restrictions, String kind, String key, String reply) {
        return "smtpd_" + restrictions + "_restrictions = check_" + kind + "_access inline:{ { " + key + " = " + reply
                + " } }";
    }

    private static String client(String reply) {
        return access("client", "client", "127.0.0.1", reply);
    }

    private static String sender(String restrictions, String reply) {
        return access(restrictions, "sender", "bad@sender.test", reply);
    }

    /** By the local part, since the domain is another in each row. */
    private static String recipient(String reply) {
        return "smtpd_recipient_restrictions = check_recipient_access inline:{ { a@ = " + reply + " } }";
    }

    @Override
    public List<Row> rows() {
        return List.of(
                Row.of("GREETING", "421 4.3.2", QUEUED, DOWN, NOW, client("421 4.3.2 busy"))
                        .unwarmed(),
                Row.of("GREETING", "450 4.3.2", QUEUED, DOWN, NOW, client("450 4.3.2 not now"))
                        .unwarmed(),
                Row.of("GREETING", "554 5.7.1", QUEUED, FROZEN, NOW, client("554 5.7.1 not you"))
                        .unwarmed(),
                Row.of(
                                "EHLO",
                                "450 4.7.1",
                                QUEUED,
                                DOWN,
                                NOW,
                                access("helo", "helo", "spool.test", "450 4.7.1 not now"))
                        .unwarmed(),
                Row.of("EHLO", "550 5.7.1", QUEUED, FROZEN, NOW, access("helo", "helo", "spool.test", "550 5.7.1 no"))
                        .unwarmed(),
                Row.of("STARTTLS", "not offered, and required", QUEUED, FROZEN)
                        .with(TlsPolicy.REQUIRED)
                        .unwarmed(),
                Row.of("STARTTLS", "self-signed, and verified", QUEUED, FROZEN, "smtpd_tls_security_level = may")
                        .with(TlsPolicy.VERIFIED)
                        .unwarmed(),
                Row.of("STARTTLS", "self-signed, and required", FORWARDED, UP, "smtpd_tls_security_level = may")
                        .with(TlsPolicy.REQUIRED)
                        .unwarmed(),
                Row.of("MAIL", "530 5.7.0 STARTTLS first", QUEUED, FROZEN, "smtpd_tls_security_level = encrypt")
                        .unwarmed(),
                Row.of("MAIL", "421 4.3.2", QUEUED, DOWN, NOW, sender("sender", "421 4.3.2 closing")),
                Row.of("MAIL", "450 4.1.8", QUEUED, UP, NOW, sender("sender", "450 4.1.8 later")),
                Row.of("MAIL", "452 4.3.1", QUEUED, DOWN, NOW, sender("sender", "452 4.3.1 disk full")),
                Row.of("MAIL", "550 5.1.8", QUARANTINED, UP, NOW, sender("sender", "550 5.1.8 not this sender")),
                Row.of(
                        "MAIL",
                        "554 5.7.1 our address",
                        QUEUED,
                        FROZEN,
                        NOW,
                        sender("sender", "554 5.7.1 [127.0.0.1] is blocked")),
                Row.of("RCPT", "450 4.2.1", QUEUED, UP, recipient("450 4.2.1 later"))
                        .with(Mail.to("a", "b"), QUEUED, FORWARDED),
                Row.of(
                                "RCPT",
                                "550 5.1.1, unknown",
                                QUARANTINED,
                                UP,
                                "relay_recipient_maps = inline:{ { warmup@@domain@ = x } { b@@domain@ = x } }")
                        .with(Mail.to("a", "b"), QUARANTINED, FORWARDED),
                Row.of("RCPT", "552 5.2.2", QUEUED, UP, recipient("552 5.2.2 mailbox full"))
                        .with(Mail.to("a", "b"), QUEUED, FORWARDED),
                Row.of("RCPT", "452 4.5.3 behind the second", FORWARDED, UP, "smtpd_recipient_limit = 2")
                        .with(Mail.to("a", "b", "c", "d", "e"), FORWARDED, FORWARDED, FORWARDED, FORWARDED, FORWARDED),
                Row.of("RCPT", "421 4.3.2", QUEUED, DOWN, recipient("421 4.3.2 closing")),
                Row.of("RCPT", "554 5.7.1 relay access denied", QUEUED, FROZEN, NOT_OURS)
                        .unwarmed(),
                Row.of("RCPT", "550 5.7.23 SPF", QUEUED, FROZEN, recipient("550 5.7.23 SPF fail")),
                Row.of(
                        "RCPT",
                        "554 5.7.1 DNSBL",
                        QUEUED,
                        FROZEN,
                        recipient(
                                "554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org")),
                Row.of(
                                "RCPT",
                                "550 5.1.1 for everybody, just after an outage",
                                QUEUED,
                                FROZEN,
                                recipient("550 5.1.1 unknown"))
                        .unwarmed()
                        .with(new Mail(3, List.of("a"), 100), QUEUED, QUEUED, QUEUED),
                Row.of("DATA", "451 4.3.0", QUEUED, UP, sender("data", "451 4.3.0 later")),
                Row.of("DATA", "554 5.5.0", QUEUED, FROZEN, sender("data", "554 5.5.0 no")),
                Row.of("DOT", "421 4.3.2", QUEUED, DOWN, sender("end_of_data", "421 4.3.2 closing")),
                Row.of("DOT", "451 4.3.0", QUEUED, UP, sender("end_of_data", "451 4.3.0 later")),
                Row.of("DOT", "550 5.7.1, a header", QUARANTINED, UP, "cleanup_service_name = cleanup-choosy"),
                Row.of(
                                "DOT",
                                "552 5.3.4, too big",
                                QUARANTINED,
                                UP,
                                "message_size_limit = 2000",
                                "smtpd_discard_ehlo_keywords = size")
                        .with(new Mail(1, List.of("a"), 10_000), QUARANTINED),
                Row.of("DOT", "554 5.4.6, a loop", QUEUED, FROZEN, sender("end_of_data", "554 5.4.6 loop")));
    }

    @Override
    public void start(Path work, int firstPort) throws IOException, InterruptedException {
        List<Row> rows = rows();
        // What a domain is, Postfix knows as a whole; only this row's is not relayed for.
        String domains = IntStream.range(0, rows.size())
                .filter(i -> !rows.get(i).configuration().contains(NOT_OURS))
                .mapToObj(i -> Primary.domain(name(), i))
                .collect(Collectors.joining(" "));
        StringBuilder services = new StringBuilder(SERVICES);
        for (int i = 0; i < rows.size(); i++) {
            services.append("127.0.0.1:").append(firstPort + i).append(" inet n - n - - smtpd");
            String domain = Primary.domain(name(), i);
            rows.get(i)
                    .configuration()
                    .forEach(o -> services.append(" -o { ")
                            .append(o.replace("@domain@", domain))
                            .append(" }"));
            services.append('\n');
        }
        Path configuration = Files.createDirectories(work.resolve("etc"));
        Files.createDirectories(work.resolve("queue"));
        Files.createDirectories(work.resolve("data"));
        Files.writeString(
                configuration.resolve("main.cf"),
                MAIN.replace("@work@", work.toString()).replace("@domains@", domains));
        Files.writeString(configuration.resolve("master.cf"), services);
        directory = configuration;
        Servers.run("chown", "postfix", work.resolve("data").toString());
        Servers.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=mx.postfix.test",
                "-keyout",
                work.resolve("key.pem").toString(),
                "-out",
                work.resolve("certificate.pem").toString());
        Servers.run("postfix", "-c", configuration.toString(), "start");
    }

    @Override
    public void close() throws IOException {
        if (directory != null) {
            try {
                Servers.run("postfix", "-c", directory.toString(), "stop");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
