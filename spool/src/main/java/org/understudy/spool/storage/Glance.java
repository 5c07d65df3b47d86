package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.understudy.spool.SpoolCondition;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding;

/** A look at a spool's directory that is cheap enough for every minute, beside the process that uses it. Stateless. */
public final class Glance {

    private Glance() {}

    /**
     * Looks now.
     *
     * @throws SpoolException if there is no spool, or it cannot be looked at
     */
    public static SpoolCondition at(Path root) {
        StoreDirectory directory = StoreDirectory.look(root);
        List<SpoolFinding> disk = new ArrayList<>();
        List<SpoolFinding> access = new ArrayList<>();
        List<SpoolFinding> leftovers = new ArrayList<>();
        try {
            new DiskExamination(disk::add).fileSystem(MountTable.read().of(root.toRealPath()));
            new DirectoryExamination(directory, access::add).permissions();
            new DirectoryExamination(directory, leftovers::add).leftovers();
            return new SpoolCondition(
                    directory.usableBytes(),
                    disk.stream()
                            .filter(finding -> finding.severity() == SpoolFinding.Severity.FAULT)
                            .toList(),
                    access,
                    leftovers);
        } catch (IOException e) {
            throw new SpoolException("The spool directory " + root + " cannot be looked at: " + e.getMessage(), e);
        }
    }
}
