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

/**
 * Exim, with one port for each row; what it takes stays in its queue. The configuration of a row is the name of an ACL, then
 * verb and conditions of a statement in it.
 */
final class EximPrimary implements Primary {
    private static final List<String> ACLS = List.of("connect", "helo", "mail", "rcpt", "predata", "data");
    private static final String FROM_BAD = "senders = ^bad";
    private static final String TO_A = "local_parts = a";

    private final Path program;
    private @Nullable Process daemon;

    EximPrimary(Path program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "exim";
    }

    private static String message(String reply) {
        return "message = " + reply;
    }

    @Override
    public List<Row> rows() {
        return List.of(
                Row.of("GREETING", "421 4.3.2", QUEUED, DOWN, "connect", "defer", message("421 4.3.2 busy"))
                        .unwarmed(),
                Row.of("GREETING", "554 5.7.1", QUEUED, FROZEN, "connect", "deny", message("554 5.7.1 not you"))
                        .unwarmed(),
                Row.of("EHLO", "550 5.7.1", QUEUED, FROZEN, "helo", "deny", message("550 5.7.1 not you"))
                        .unwarmed(),
                Row.of("MAIL", "450 4.1.8", QUEUED, UP, "mail", "defer", FROM_BAD, message("450 4.1.8 later")),
                Row.of(
                        "MAIL",
                        "550, no enhanced code",
                        QUARANTINED,
                        UP,
                        "mail",
                        "deny",
                        FROM_BAD,
                        message("550 not this sender")),
                Row.of("MAIL", "421, dropped", QUEUED, DOWN, "mail", "defer", FROM_BAD, message("421 4.3.2 closing")),
                Row.of("RCPT", "451, greylisted", QUEUED, UP, "rcpt", "defer", TO_A, message("451 4.7.1 greylisted"))
                        .with(Mail.to("a", "b"), QUEUED, FORWARDED),
                Row.of("RCPT", "550, unknown user", QUARANTINED, UP, "rcpt", "deny", TO_A, message("550 Unknown user"))
                        .with(Mail.to("a", "b"), QUARANTINED, FORWARDED),
                Row.of(
                                "RCPT",
                                "452 4.5.3 behind the second",
                                FORWARDED,
                                UP,
                                "rcpt",
                                "defer",
                                "condition = ${if >{$rcpt_count}{2}}",
                                message("452 4.5.3 too many recipients"))
                        .with(Mail.to("a", "b", "c", "d", "e"), FORWARDED, FORWARDED, FORWARDED, FORWARDED, FORWARDED),
                Row.of(
                        "RCPT",
                        "550 relay not permitted",
                        QUEUED,
                        FROZEN,
                        "rcpt",
                        "deny",
                        TO_A,
                        message("550 relay not permitted")),
                Row.of(
                        "RCPT",
                        "550, dropped",
                        QUEUED,
                        FROZEN,
                        "rcpt",
                        "drop",
                        TO_A,
                        message("550 5.7.1 Spam block of 127.0.0.1")),
                Row.of("DATA", "451 4.3.0", QUEUED, UP, "predata", "defer", FROM_BAD, message("451 4.3.0 later")),
                Row.of("DATA", "554 5.5.0", QUEUED, FROZEN, "predata", "deny", FROM_BAD, message("554 5.5.0 no")),
                Row.of("DOT", "451, no enhanced code", QUEUED, UP, "data", "defer", FROM_BAD, message("451 later")),
                Row.of(
                        "DOT",
                        "550 5.7.1, a virus",
                        QUARANTINED,
                        UP,
                        "data",
                        "deny",
                        FROM_BAD,
                        message("550 5.7.1 a virus")),
                Row.of(
                        "DOT",
                        "550 5.7.1, dropped",
                        QUARANTINED,
                        UP,
                        "data",
                        "drop",
                        FROM_BAD,
                        message("550 5.7.1 spam")),
                Row.of(
                        "DOT",
                        "no reply: the process dies, and its server lives",
                        QUEUED,
                        UP,
                        "data",
                        "deny",
                        FROM_BAD,
                        "condition = ${run{/bin/kill -9 $pid}{yes}{yes}}"));
    }

    @Override
    public void start(Path work, int firstPort) throws IOException, InterruptedException {
        Path spool = Files.createDirectories(work.resolve("spool"));
        Files.createDirectories(work.resolve("log"));
        Servers.run("chown", "-R", "Debian-exim", work.toString());
        Path file = Files.writeString(work.resolve("exim.conf"), configuration(work, spool, firstPort));
        daemon = new ProcessBuilder(program.toString(), "-C", file.toString(), "-bdf")
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("output").toFile())
                .start();
    }

    private String configuration(Path work, Path spool, int firstPort) {
        int count = rows().size();
        String ports = IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(firstPort + i))
                .collect(Collectors.joining(" : "));
        String domains = IntStream.range(0, count)
                .mapToObj(i -> Primary.domain(name(), i))
                .collect(Collectors.joining(" : "));
        StringBuilder text = new StringBuilder("""
                primary_hostname = mx.exim.test
                exim_path = %s
                spool_directory = %s
                log_file_path = %s/log/%%slog
                pid_file_path = %s/spool/pid
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %s
                domainlist ours = %s
                tls_advertise_hosts =
                host_lookup =
                rfc1413_hosts =
                queue_only
                keep_environment =
                smtp_accept_max = 0
                smtp_enforce_sync = true
                """.formatted(program, spool, work, work, ports, domains));
        ACLS.forEach(acl -> text.append("acl_smtp_")
                .append(acl)
                .append(" = acl_")
                .append(acl)
                .append('\n'));
        text.append("begin acl\n");
        ACLS.forEach(acl -> text.append(acl(acl, firstPort)));
        return text.toString();
    }

    private String acl(String acl, int firstPort) {
        StringBuilder text = new StringBuilder("acl_" + acl + ":\n");
        List<Row> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            List<String> statement = rows.get(i).configuration();
            if (statement.get(0).equals(acl)) {
                text.append("  ")
                        .append(statement.get(1))
                        .append("\n    condition = ${if ={$received_port}{")
                        .append(firstPort + i)
                        .append("}}\n");
                statement
                        .subList(2, statement.size())
                        .forEach(s -> text.append("    ").append(s).append('\n'));
            }
        }
        return text.append(acl.equals("rcpt") ? "  accept domains = +ours\n" : "  accept\n")
                .toString();
    }

    @Override
    public void close() {
        if (daemon != null) {
            daemon.descendants().forEach(ProcessHandle::destroy);
            daemon.destroy();
        }
    }
}
