package org.understudy.agent.cli;

import java.util.Locale;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.VerifiedCounts;

/** {@code understudy spool verify}: reads all mail in the spool and compares it with the index. */
final class VerifyTask implements SpoolTask {

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String description() {
        return "Reads all mail in the spool and compares it with the index; changes nothing."
                + " Exit code 0: sound, 1: warnings, 2: faults";
    }

    @Override
    public String list() {
        return "findings";
    }

    @Override
    public void configure(Subparser parser) {
        // Only the options of all spool commands.
    }

    private record Result(String directory, String state, VerifiedCounts counts) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) {
        FindingReport report = new FindingReport(output);
        VerifiedCounts counts = SpoolInspection.verify(place.directory(), report::add);
        output.end(
                place.directory() + ": " + report.sum() + System.lineSeparator() + words(counts),
                new Result(place.directory().toString(), report.worst(), counts));
        return report.exitCode();
    }

    private static String words(VerifiedCounts counts) {
        String read = String.format(
                Locale.ROOT,
                "  %s; read %d segments, %d records and %d large files, %.1f MiB%n"
                        + "  messages in the index: %d, records of settled ones: %d, not yet in the index: %d",
                counts.running() ? "in use by an agent" : "not in use",
                counts.segments(),
                counts.records(),
                counts.largeFiles(),
                counts.bytes() / (double) (1 << 20),
                counts.messages(),
                counts.settled(),
                counts.notYetIndexed());
        return read + counts.ledger().map(VerifyTask::words).orElse("");
    }

    private static String words(QueueCounts ledger) {
        return String.format(
                "%n  recipients accepted: %d %s %s",
                ledger.accepted(), ledger.isBalanced() ? "=" : "\u2260", ledger.sum());
    }
}
