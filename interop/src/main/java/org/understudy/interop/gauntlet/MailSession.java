package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.understudy.interop.gauntlet.MailHost.Handshake;

/** One session at a mail host. Confined to the thread that serves it; used once. */
final class MailSession {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Pattern PATH = Pattern.compile("(?i)RCPT TO:\\s*<(?:(.*)@)?([^@>]*)>.*");
    private static final Pattern SIZE = Pattern.compile("(?i).*\\bSIZE=(\\d{1,15})\\b.*");
    private static final int SHUT = 421;

    private final MailHost host;
    private final Optional<SSLContext> tls;
    private final Socket plain;
    private final CountDownLatch closed;
    private Socket socket;
    private Unread in;
    private OutputStream out;
    private int errors;

    /**
     * Begins a session.
     *
     * @param tls what it has for STARTTLS
     * @param closed when nobody is kept waiting any more
     */
    MailSession(MailHost host, Optional<SSLContext> tls, Socket socket, CountDownLatch closed) throws IOException {
        this.host = host;
        this.closed = closed;
        this.tls = tls;
        this.plain = socket;
        this.socket = socket;
        this.in = new Unread(socket.getInputStream());
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LONGEST.toMillis());
    }

    /** Until either side has had enough. */
    void run() throws IOException {
        if (host.takes() == MailHost.Manner.MUTE) {
            in.read();
            return;
        }
        pause(rule("GREETING"));
        say(host.greeting());
        boolean refusing = !host.greeting().startsWith("2");
        for (String next = line(); !next.isEmpty(); next = line()) {
            String command = next;
            String verb = command.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            if (refusing && !verb.equals("QUIT")) {
                say("503 5.5.1 not here");
                continue;
            }
            Optional<MailHost.Rule> rule = rule(command);
            pause(rule);
            String reply =
                    rule.map(MailHost.Rule::reply).filter(r -> !r.isEmpty()).orElseGet(() -> usual(verb, command));
            errors += reply.startsWith("5") ? 1 : 0;
            if (errors > host.patience()) {
                say("421 4.7.0 too many errors");
                return;
            }
            say(reply);
            if (verb.equals("QUIT") || reply.startsWith(Integer.toString(SHUT))) {
                return;
            }
            if (verb.equals("STARTTLS") && reply.startsWith("220")) {
                secure();
            } else if (reply.startsWith("354")) {
                content();
            }
        }
    }

    private Optional<MailHost.Rule> rule(String command) {
        return host.rules().stream()
                .filter(r -> r.command().matcher(command).find())
                .findFirst();
    }

    private void pause(Optional<MailHost.Rule> rule) throws IOException {
        long pause = rule.map(MailHost.Rule::pause).orElse(Duration.ZERO).toMillis();
        try {
            if (closed.await(pause, TimeUnit.MILLISECONDS)) {
                throw new IOException("the host is closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String usual(String verb, String command) {
        return switch (verb) {
            case "EHLO" -> hello();
            case "HELO" -> "250 " + host.name();
            case "STARTTLS" -> tls.isPresent() && socket == plain ? "220 2.0.0 go ahead" : "502 5.5.1 no TLS";
            case "MAIL" -> mail(command);
            case "RCPT" -> recipient(command);
            case "DATA" -> "354 end it with a dot";
            case "RSET", "NOOP" -> "250 2.0.0 Ok";
            case "VRFY" -> "252 2.0.0 send some mail and see";
            case "QUIT" -> "221 2.0.0 Bye";
            default -> "502 5.5.2 not known";
        };
    }

    private String hello() {
        List<String> lines = new ArrayList<>();
        lines.add(host.name());
        lines.addAll(host.offers());
        if (tls.isPresent() && socket == plain) {
            lines.add("STARTTLS");
        }
        return "250 " + String.join("\n250 ", lines);
    }

    /** RFC 1870 section 6.1. */
    private String mail(String command) {
        Matcher size = SIZE.matcher(command);
        long limit = host.offers().stream()
                .filter(o -> o.matches("SIZE \\d{1,15}"))
                .mapToLong(o -> Long.parseLong(o.substring("SIZE ".length())))
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return size.matches() && Long.parseLong(size.group(1)) > limit
                ? "552 5.3.4 Message size exceeds fixed limit"
                : "250 2.1.0 Ok";
    }

    private String recipient(String command) {
        Matcher path = PATH.matcher(command);
        if (!path.matches()) {
            return "501 5.1.3 Bad recipient address syntax";
        }
        String domain = path.group(2).toLowerCase(Locale.ROOT);
        boolean bare = path.group(1) == null;
        String localPart = (bare ? domain : path.group(1)).toLowerCase(Locale.ROOT);
        if (!bare && (!domain.endsWith("." + Places.TOP) || domain.equals("elsewhere." + Places.TOP))) {
            return "554 5.7.1 <" + localPart + "@" + domain + ">: Relay access denied";
        }
        String user = localPart.replaceFirst("^\"(.*)\"$", "$1").replaceFirst("\\+.*", "");
        return host.takesAnybody() || host.recipients().contains(user)
                ? "250 2.1.5 Ok"
                : "550 5.1.1 <" + localPart + "@" + domain + ">: Recipient address rejected: User unknown";
    }

    private void secure() throws IOException {
        if (host.handshake() == Handshake.BROKEN) {
            in.read();
            out.write("this is no TLS\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            plain.close();
            return;
        }
        String behind = in.rest();
        SSLSocket secure =
                (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secure.setUseClientMode(false);
        if (host.handshake() == Handshake.WITHOUT_TLS13) {
            secure.setEnabledProtocols(new String[] {"TLSv1.2"});
        }
        secure.startHandshake();
        socket = secure;
        in = new Unread(secure.getInputStream());
        out = secure.getOutputStream();
        if (host.handshake() == Handshake.OBEDIENT) {
            in.putBack(behind);
        }
    }

    private void content() throws IOException {
        StringBuilder end = new StringBuilder("\r\n");
        for (int c = in.read(); c >= 0; c = in.read()) {
            end.append((char) c);
            boolean over = host.lenient()
                    ? end.toString().matches("(?s).*[\\r\\n]\\.[\\r\\n]")
                    : end.toString().endsWith("\r\n.\r\n");
            if (over) {
                say("250 2.0.0 Ok: queued");
                return;
            }
            if (end.length() > 8) {
                end.deleteCharAt(0);
            }
        }
    }

    /** A command without its end, or nothing if there is none any more. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                String command = line.toString().stripTrailing();
                return command.isEmpty() ? "?" : command;
            }
            line.append((char) c);
        }
        return "";
    }

    private void say(String reply) throws IOException {
        String[] lines = reply.split("\n", -1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            boolean last = i == lines.length - 1;
            text.append(last ? lines[i] : lines[i].substring(0, 3) + "-" + lines[i].substring(4))
                    .append("\r\n");
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
