package org.understudy.spool;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import org.understudy.spool.storage.Doctor;
import org.understudy.spool.storage.Glance;
import org.understudy.spool.storage.Verification;

/** Looks into a spool's directory from outside, whether a process uses it or not. Stateless. */
public final class SpoolInspection {

    private SpoolInspection() {}

    /**
     * Reads everything and compares it with everything. Changes nothing.
     *
     * @param findings is given each warning and fault as soon as it is certain
     * @throws SpoolException if there is no spool, or it cannot be read, in one sentence for an operator
     */
    public static VerifiedCounts verify(Path directory, Consumer<SpoolFinding> findings) {
        return Verification.run(directory, findings);
    }

    /**
     * Looks at a spool's directory without reading or writing anything in it; cheap enough for every minute.
     *
     * @throws SpoolException if there is no spool, or it cannot be looked at, in one sentence for an operator
     */
    public static SpoolCondition condition(Path directory) {
        return Glance.at(directory);
    }

    /**
     * Looks whether a spool is where it can keep mail: file system, room, disk, index, permissions, clock. Writes nothing but a
     * temporary file, to time it.
     *
     * @param reserveBytes free space below which no mail is taken
     * @param findings is given what is well, too
     * @throws SpoolException if there is no spool, or it cannot be read, in one sentence for an operator
     */
    public static void examine(Path directory, long reserveBytes, Clock clock, Consumer<SpoolFinding> findings) {
        Doctor.examine(directory, reserveBytes, clock, findings);
    }
}
