package org.understudy.agent.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.queue.MessageDocument;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolReader;

/** {@code understudy spool show}: one message with its envelope, what was tried, and its header. */
final class ShowTask implements SpoolTask {
    private static final int UNUSABLE = 2;
    private static final int LONGEST_HEADER = 256 * 1024;

    private final Clock clock;

    ShowTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "show";
    }

    @Override
    public String description() {
        return "Shows a message: where it came from, what became of each recipient, and its header fields";
    }

    @Override
    public String list() {
        return "messages";
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("id").metavar("ID").help("queue id");
    }

    private record Shown(MessageDocument message, String header) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws IOException {
        String text = arguments.getString("id");
        try (SpoolReader reader = SpoolReader.open(place.directory())) {
            FoundMessage found = Optional.of(text)
                    .filter(QueueId::isValid)
                    .flatMap(id -> reader.find(new QueueId(id)))
                    .orElseThrow(() -> new CommandEnded(
                            UNUSABLE,
                            "The message " + text + " is not in the spool " + place.directory()
                                    + ", or was settled by now."));
            String header = header(reader, found.id());
            reader.requireUndisturbed();
            output.entry(lines(found, header), new Shown(MessageDocument.of(found, found.damage()), header));
            output.end("", new Object[0]);
        }
        return 0;
    }

    private String lines(FoundMessage found, String header) {
        if (found.message().isEmpty()) {
            return found.id() + " unreadable: " + found.damage();
        }
        QueuedMessage message = found.message().get();
        StringBuilder lines = new StringBuilder(String.format(
                "%s  %s octets%nfrom %s%ncame %s from %s (%s) with %s%s%n",
                message.id(),
                found.size(),
                message.reversePath(),
                message.origin().arrival(),
                message.origin().client().getHostAddress(),
                message.origin().heloName(),
                message.origin().protocol(),
                message.origin().tlsProtocol().map(tls -> ", " + tls).orElse("")));
        message.units().forEach(unit -> lines.append(String.format("to   %s%n", ListTask.line(unit, clock.instant()))));
        return lines.append(String.format("%n")).append(header).toString();
    }

    /** Up to the empty line. */
    private static String header(SpoolReader reader, QueueId id) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        try (InputStream in = reader.content(id).open()) {
            int last4 = 0;
            for (int octet = in.read(); octet >= 0 && header.size() < LONGEST_HEADER; octet = in.read()) {
                header.write(octet);
                last4 = (last4 << Byte.SIZE) | octet;
                if (last4 == 0x0D0A0D0A) {
                    break;
                }
            }
        } catch (IOException e) {
            return header.toString(StandardCharsets.UTF_8) + "(no more can be read: " + e.getMessage() + ")";
        }
        return header.toString(StandardCharsets.UTF_8).strip();
    }
}
