package org.understudy.spool.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.storage.MountTable.Mount;

/** Looks whether the file system and the disk below a spool keep what they are told to keep. Confined to one thread. */
final class DiskExamination {
    private static final Set<String> NETWORK = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "ceph",
            "glusterfs",
            "lustre",
            "gfs2",
            "ocfs2",
            "beegfs",
            "virtiofs",
            "vboxsf",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.cephfs",
            "fuse.s3fs",
            "davfs");
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");
    private static final Set<String> STACKED = Set.of("overlay", "aufs");
    private static final Set<String> NO_BARRIER = Set.of("nobarrier", "barrier=0");
    /** No device that keeps its word is faster: a command to it and back takes as long. */
    private static final Duration TOO_FAST = Duration.ofNanos(20_000);

    private static final Duration SLOW = Duration.ofMillis(20);

    private final Consumer<SpoolFinding> findings;

    DiskExamination(Consumer<SpoolFinding> findings) {
        this.findings = findings;
    }

    /** @param mount what the spool's directory is on; empty if that cannot be found out */
    void fileSystem(Optional<Mount> mount) {
        if (mount.isEmpty()) {
            findings.accept(SpoolFinding.warning(
                    "file system", "it cannot be found out what the spool is on", "Look with 'findmnt -T'."));
            return;
        }
        String where = "file system " + mount.get().point();
        type(where, mount.get());
        options(where, mount.get().options());
    }

    private void type(String where, Mount mount) {
        String type = mount.type();
        if (NETWORK.contains(type)) {
            findings.accept(SpoolFinding.fault(
                    where,
                    "it is a network file system (" + type + "), on which the index cannot be kept safely",
                    "Put spool.directory on a local disk."));
        } else if (MEMORY.contains(type)) {
            findings.accept(SpoolFinding.fault(
                    where,
                    "it is in memory (" + type + "): all mail is lost when the machine stops",
                    "Put spool.directory on a disk."));
        } else if (STACKED.contains(type)) {
            findings.accept(SpoolFinding.warning(
                    where,
                    "it is a layer of a container (" + type + "): the mail goes with the container",
                    "Mount a volume at spool.directory."));
        } else if (type.startsWith("fuse")) {
            findings.accept(SpoolFinding.warning(
                    where,
                    "it is served by a program (" + type + "): a sync is worth what that program makes of it",
                    "Put spool.directory on a file system of the kernel, such as ext4 or xfs."));
        } else {
            findings.accept(SpoolFinding.ok(where, "it is local: " + type + " on " + mount.source()));
        }
    }

    private void options(String where, Set<String> options) {
        if (options.contains("ro")) {
            findings.accept(
                    SpoolFinding.fault(
                            where,
                            "it is mounted read-only",
                            "Mount it for writing; if the kernel did it by itself, look into its log: the disk may be failing."));
        }
        if (options.stream().anyMatch(NO_BARRIER::contains)) {
            findings.accept(SpoolFinding.fault(
                    where,
                    "it is mounted without barriers: mail that was answered 250 may be gone after a power cut",
                    "Take nobarrier or barrier=0 out of the mount options."));
        }
        if (options.contains("data=writeback")) {
            findings.accept(SpoolFinding.warning(
                    where,
                    "it is mounted with data=writeback: what was being written at a power cut may come back as octets"
                            + " of deleted files, which checksums will tell from mail",
                    "Mount it with data=ordered."));
        }
    }

    /** @param reserve free space below which no mail is taken */
    void room(Path directory, long usable, long reserve, Optional<FreeInodes> inodes) {
        String where = "space " + directory;
        String what = size(usable) + " are free, the reserve is " + size(reserve);
        if (usable < reserve) {
            findings.accept(SpoolFinding.fault(
                    where, what + ": mail is deferred with 452", "Make room on the disk, or lower spool.reserve."));
        } else if (usable < 2 * reserve) {
            findings.accept(
                    SpoolFinding.warning(where, what + ": an outage soon fills that", "Make room on the disk."));
        } else {
            findings.accept(SpoolFinding.ok(where, what));
        }
        inodes(directory, inodes);
    }

    private void inodes(Path directory, Optional<FreeInodes> counted) {
        String where = "inodes " + directory;
        if (counted.isEmpty()) {
            findings.accept(SpoolFinding.ok(where, "the file system does not limit or does not count them"));
            return;
        }
        FreeInodes inodes = counted.get();
        String what = inodes.free() + " of " + inodes.total() + " are free, the reserve is " + inodes.reserve();
        if (!inodes.suffice(true)) {
            findings.accept(SpoolFinding.fault(
                    where,
                    what + ": mail is deferred with 452",
                    "Delete small files on this file system, or give the spool one of its own."));
        } else if (inodes.free() < 2 * inodes.reserve()) {
            findings.accept(SpoolFinding.warning(where, what, "Delete small files on this file system."));
        } else {
            findings.accept(SpoolFinding.ok(where, what));
        }
    }

    private static String size(long octets) {
        return octets >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", octets / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", octets / (double) (1L << 20));
    }

    void syncLatency(SyncLatency latency) {
        String where = "sync latency";
        String what = "4 KiB are on stable storage after " + millis(latency.median()) + " ms (median), "
                + millis(latency.slow()) + " ms (99 of 100)";
        if (latency.median().compareTo(TOO_FAST) < 0) {
            findings.accept(SpoolFinding.warning(
                    where,
                    what + ": too fast to be true, something on the way says that it has written what it has not",
                    "Look for a write cache without a battery, a virtual disk with cache=unsafe, eatmydata, or a file system"
                            + " in memory: mail answered 250 would be gone after a power cut."));
        } else if (latency.median().compareTo(SLOW) > 0) {
            findings.accept(SpoolFinding.warning(
                    where,
                    what + ": every 250 waits as long, so that one session brings at most "
                            + Math.max(1, Duration.ofSeconds(1).dividedBy(latency.median()))
                            + " messages a second; sessions at the same time share a sync",
                    "Put the spool on a solid-state disk, or off a disk that others keep busy."));
        } else {
            findings.accept(SpoolFinding.ok(where, what));
        }
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e6);
    }
}
