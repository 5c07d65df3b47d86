package org.understudy.agent.cli;

import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.spool.AuditEntry;
import org.understudy.spool.SpoolReader;

/** {@code understudy spool audit}: what operators have ordered. */
final class AuditTask implements SpoolTask {
    private static final int DEFAULT_LIMIT = 50;

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public String description() {
        return "Shows what operators have ordered, and what came of it, newest last";
    }

    @Override
    public String list() {
        return "entries";
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("--limit")
                .metavar("N")
                .type(Integer.class)
                .setDefault(DEFAULT_LIMIT)
                .help("at most so many entries");
    }

    private record Result(int entries) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) {
        int entries = 0;
        for (AuditEntry entry : SpoolReader.audit(place.directory(), arguments.getInt("limit"))) {
            entries++;
            output.entry(line(entry), entry);
        }
        output.end("entries: " + entries, new Result(entries));
        return 0;
    }

    private static String line(AuditEntry entry) {
        String reason = entry.reason().isEmpty() ? "" : " (" + entry.reason() + ")";
        return entry.at() + "  #" + entry.number() + "  " + entry.actor() + "  " + entry.action() + " "
                + entry.subject() + reason + ": " + entry.result();
    }
}
