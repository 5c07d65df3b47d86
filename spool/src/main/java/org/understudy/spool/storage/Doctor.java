package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding;

/**
 * Looks whether a spool is where it can keep mail: file system, room, disk, settings of the index, permissions, clock. Writes
 * nothing but a temporary file, to time it. Confined to one thread.
 */
public final class Doctor {
    private static final String INDEX = "index.db";
    private static final int SYNCHRONOUS_FULL = 2;
    private static final int INCREMENTAL = 2;
    /** Clocks are corrected by as much all the time. */
    private static final Duration CORRECTION = Duration.ofSeconds(5);

    private final StoreDirectory directory;
    private final Clock clock;
    private final Consumer<SpoolFinding> findings;
    private long reported;

    private Doctor(StoreDirectory directory, Clock clock, Consumer<SpoolFinding> findings) {
        this.directory = directory;
        this.clock = clock;
        this.findings = findings;
    }

    /**
     * Examines a spool.
     *
     * @param reserveBytes free space below which no mail is taken
     * @param findings is given what is well, too
     * @throws SpoolException if there is no spool, or it cannot be read
     */
    public static void examine(Path root, long reserveBytes, Clock clock, Consumer<SpoolFinding> findings) {
        StoreDirectory directory = StoreDirectory.look(root);
        try {
            new Doctor(directory, clock, findings).examine(reserveBytes);
        } catch (IOException | SQLException e) {
            throw new SpoolException("The spool directory " + root + " cannot be examined: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpoolException("Interrupted while examining " + root + ".", e);
        }
    }

    private void examine(long reserveBytes) throws IOException, SQLException, InterruptedException {
        Path root = directory.root();
        DiskExamination disk = new DiskExamination(this::report);
        disk.fileSystem(MountTable.read().of(root.toRealPath()));
        disk.room(root, directory.usableBytes(), reserveBytes, InodeWatch.now(root));
        try {
            disk.syncLatency(SyncLatency.measure(root));
        } catch (AccessDeniedException e) {
            report(SpoolFinding.warning(
                    "sync latency",
                    "this user may not write there",
                    "Run the command as the user that runs the agent."));
        } catch (IOException e) {
            report(SpoolFinding.fault(
                    "sync latency",
                    "nothing can be written there: " + e.getMessage(),
                    "Look into the kernel's log and at the disk."));
        }
        lock();
        index();
        DirectoryExamination files = new DirectoryExamination(directory, this::report);
        unlessReported(files::permissions, "permissions", "nobody but the owner can read or write");
        owner();
        unlessReported(files::leftovers, "corrupt/", "nothing had to be set aside");
    }

    private void report(SpoolFinding finding) {
        reported++;
        findings.accept(finding);
    }

    private interface Look {
        void run() throws IOException;
    }

    private void unlessReported(Look look, String where, String well) throws IOException {
        long before = reported;
        look.run();
        if (reported == before) {
            report(SpoolFinding.ok(where, well));
        }
    }

    private void lock() throws IOException {
        Optional<Long> holder = StoreLock.holder(directory.lock());
        boolean stopped = holder.isEmpty() && !Files.exists(directory.root().resolve("index.db-wal"));
        report(SpoolFinding.ok(
                "lock",
                holder.map(process -> "process " + process + " uses the spool")
                        .orElse(
                                stopped
                                        ? "no process uses the spool"
                                        : "no process uses the spool; the last one was"
                                                + " not stopped but ended, and the next start recovers what it left")));
    }

    private void index() throws IOException, SQLException {
        try (ReadOnlyIndex index = ReadOnlyIndex.open(directory.index())) {
            journal(index);
            clock(index.progress().ledger().lastId());
            index.requireUndisturbed();
        } catch (NoSuchFileException e) {
            report(SpoolFinding.warning(
                    INDEX, "there is no index", "Nothing is to be done: the next start makes it from the segments."));
        } catch (DamagedIndexException e) {
            report(SpoolFinding.fault(INDEX, "the index is damaged: " + e.getMessage(), Remedies.REBUILD));
        }
    }

    private void journal(ReadOnlyIndex index) throws IOException, SQLException {
        String synchronous = index.pragma("synchronous");
        if (!index.keepsLog()) {
            report(SpoolFinding.fault(
                    INDEX, "it is not kept with a write-ahead log (journal_mode=wal)", Remedies.REBUILD));
        } else if (Integer.parseInt(synchronous) != SYNCHRONOUS_FULL) {
            report(SpoolFinding.fault(
                    INDEX,
                    "SQLite does not take synchronous=FULL but " + synchronous + ": a power cut may lose mail",
                    "Use the SQLite that comes with the program."));
        } else if (Integer.parseInt(index.pragma("auto_vacuum")) != INCREMENTAL) {
            report(SpoolFinding.warning(
                    INDEX, "it never gives space back (auto_vacuum is not incremental)", Remedies.REBUILD));
        } else {
            report(SpoolFinding.ok(INDEX, "journal_mode=wal, synchronous=FULL, auto_vacuum=incremental"));
        }
    }

    private void clock(long lastId) {
        Instant now = clock.instant();
        Instant newest = QueueIds.instant(lastId);
        if (newest.isAfter(now.plus(CORRECTION))) {
            report(SpoolFinding.warning(
                    "clock",
                    "it says " + now + ", and the newest message came at " + newest
                            + ": it was set back, or was wrong then",
                    "Keep the clock with NTP. Nothing is lost; ids go on from the newest, but ages and retries are wrong"
                            + " until the clock has caught up."));
        } else {
            report(SpoolFinding.ok("clock", "not before the newest message"));
        }
    }

    private void owner() throws IOException {
        String owner = Files.getOwner(directory.root()).getName();
        List<Path> parts = List.of(
                directory.segments(), directory.large(), directory.corrupt(), directory.index(), directory.lock());
        long before = reported;
        for (Path part : parts) {
            if (Files.exists(part) && !Files.getOwner(part).getName().equals(owner)) {
                report(SpoolFinding.fault(
                        directory.root().relativize(part).toString(),
                        "it belongs to " + Files.getOwner(part).getName() + ", and the directory to " + owner
                                + ": the agent may not write there",
                        "chown -R " + owner + " " + directory.root()));
            }
        }
        if (reported == before) {
            report(SpoolFinding.ok("owner", "all belongs to " + owner));
        }
    }
}
