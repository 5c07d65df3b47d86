package org.understudy.agent.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolReader;

/** {@code understudy spool export}: copies messages out of the spool, as far as they can be read. */
final class ExportTask implements SpoolTask {
    private static final int INCOMPLETE = 1;
    private static final int UNUSABLE = 2;

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String description() {
        return "Copies messages out of the spool, each as ID.eml with its envelope in ID.json; they stay in the spool."
                + " Exit code 0: done, 1: something was damaged or not there, 2: nothing was";
    }

    @Override
    public String list() {
        return "messages";
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("id")
                .nargs("*")
                .metavar("ID")
                .help("queue ids; \"-\" behind a single one prints its content to standard output");
        parser.addArgument("--domain")
                .metavar("D")
                .help("all messages with a recipient in this domain that is not settled");
        parser.addArgument("--all").action(Arguments.storeTrue()).help("all messages");
        parser.addArgument("--state")
                .choices("queued", "quarantined")
                .help("only those with a recipient in this state");
        parser.addArgument("--output")
                .metavar("DIR")
                .help("directory to write to, made with mode 0700 if missing; \"-\" for standard output");
    }

    private record Result(String directory, long exported, long damaged, long existing, long missing) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws IOException {
        Selection selection = Selection.of(arguments);
        try (SpoolReader reader = SpoolReader.open(place.directory())) {
            if (selection.output().equals(Selection.STANDARD_OUTPUT)) {
                print(reader, selection, place, output.raw());
                return 0;
            }
            MessageExport export = new MessageExport(reader, Path.of(selection.output()), output.mapper(), output);
            Optional<QueueId> last = Optional.empty();
            List<QueueId> page = selection.page(reader, last);
            while (!page.isEmpty()) {
                page.forEach(export::write);
                last = Optional.of(page.get(page.size() - 1));
                page = selection.page(reader, last);
            }
            reader.requireUndisturbed();
            return end(selection, place, export, output);
        }
    }

    private static int end(Selection selection, SpoolPlace place, MessageExport export, CommandOutput output) {
        if (export.exported() + export.damaged() + export.existing() == 0) {
            throw nothing(place);
        }
        output.end(
                "exported: " + export.exported() + ", damaged: " + export.damaged() + ", there already: "
                        + export.existing() + ", not in the spool: " + export.missing(),
                new Result(
                        selection.output(), export.exported(), export.damaged(), export.existing(), export.missing()));
        return export.damaged() + export.missing() > 0 ? INCOMPLETE : 0;
    }

    private static void print(SpoolReader reader, Selection selection, SpoolPlace place, OutputStream out) {
        List<QueueId> ids = selection.page(reader, Optional.empty());
        if (ids.size() > 1) {
            throw new CommandEnded(
                    UNUSABLE,
                    "Standard output takes one message, and " + ids.size()
                            + " or more are asked for: name a directory with --output.");
        }
        if (ids.isEmpty() || reader.find(ids.get(0)).isEmpty()) {
            throw nothing(place);
        }
        String damage = MessageExport.copy(reader, ids.get(0), out);
        reader.requireUndisturbed();
        if (!damage.isEmpty()) {
            throw new CommandEnded(
                    INCOMPLETE, "The message " + ids.get(0) + " was printed as far as it can be read: " + damage + ".");
        }
    }

    private static CommandEnded nothing(SpoolPlace place) {
        return new CommandEnded(
                UNUSABLE,
                "Nothing was exported: no such message is in the spool " + place.directory()
                        + ", or all were handed on by now.");
    }
}
