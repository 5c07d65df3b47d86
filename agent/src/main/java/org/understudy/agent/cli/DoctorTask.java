package org.understudy.agent.cli;

import java.time.Clock;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.spool.SpoolInspection;

/** {@code understudy spool doctor}: looks whether the spool is where it can keep mail. */
final class DoctorTask implements SpoolTask {
    private final Clock clock;

    DoctorTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String description() {
        return "Looks whether the spool is where it can keep mail: file system, room, disk, index, permissions, clock,"
                + " certificate. Exit code 0: sound, 1: warnings, 2: faults";
    }

    @Override
    public String list() {
        return "findings";
    }

    @Override
    public void configure(Subparser parser) {
        // Only the options of all spool commands.
    }

    private record Result(String directory, String state) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) {
        FindingReport report = new FindingReport(output);
        SpoolInspection.examine(place.directory(), place.reserveBytes(), clock, report::add);
        place.certificate().ifPresent(file -> report.add(CertificateExpiry.examine(file, clock)));
        output.end(
                place.directory() + ": " + report.sum(),
                new Result(place.directory().toString(), report.worst()));
        return report.exitCode();
    }
}
