package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.spool.storage.MessageStoreContract.NOW;
import static org.understudy.spool.storage.MessageStoreContract.envelope;
import static org.understudy.spool.storage.MessageStoreContract.put;
import static org.understudy.spool.storage.MessageStoreContract.random;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.storage.MountTable.Mount;

/** What keeps a spool from keeping mail is found before mail is lost. */
class DoctorTest {
    private static final String MOUNTS = """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
            23 22 0:21 / /srv rw - tmpfs none rw,size=1g
            24 22 0:40 / /srv/spool\\040of\\040mail rw,noatime shared:7 master:2 - xfs /dev/sdb rw,nobarrier
            25 22 0:41 /x /mnt rw - nfs4 host:/export rw,vers=4.2
            26 25 0:42 / /mnt ro - fuse.sshfs me@host rw
            """;

    @TempDir
    Path temporary;

    private final List<SpoolFinding> findings = new ArrayList<>();

    private Path directory() {
        return temporary.resolve("spool");
    }

    private MessageStore store() {
        return MessageStores.embedded(
                new StorageSettings(directory(), 256 * 1024, 200_000, 0), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private void fill() {
        try (MessageStore store = store()) {
            put(store, envelope("a"), random(1000, 1));
        }
    }

    private void examine(long reserve, Instant now) {
        findings.clear();
        SpoolInspection.examine(directory(), reserve, Clock.fixed(now, ZoneOffset.UTC), findings::add);
    }

    private SpoolFinding about(String where) {
        return findings.stream()
                .filter(f -> f.where().startsWith(where))
                .findFirst()
                .orElseThrow(() -> new AssertionError(where + " is not in " + findings));
    }

    private void assertAbout(String where, Severity severity, String words) {
        assertThat(about(where).severity()).as(findings.toString()).isEqualTo(severity);
        assertThat(about(where).what()).contains(words);
        assertThat(about(where).remedy().isEmpty()).isEqualTo(severity == Severity.OK);
    }

    @Test
    void soundSpool_allIsLookedAt_andNothingStays() throws IOException {
        fill();
        examine(0, NOW);
        assertThat(findings)
                .extracting(f -> f.where().replaceFirst(" .*", ""))
                .containsExactly(
                        "file",
                        "space",
                        "inodes",
                        "sync",
                        "lock",
                        "index.db",
                        "clock",
                        "permissions",
                        "owner",
                        "corrupt/");
        assertAbout("lock", Severity.OK, "no process uses the spool");
        assertAbout("index.db", Severity.OK, "journal_mode=wal, synchronous=FULL, auto_vacuum=incremental");
        assertAbout("clock", Severity.OK, "not before");
        assertAbout("permissions", Severity.OK, "nobody but the owner");
        assertAbout("sync latency", about("sync latency").severity(), "4 KiB are on stable storage after");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("lock", "segments", "large", "corrupt", "index.db");
        }
    }

    @Test
    void besideARunningStore_saysWhichProcess() {
        try (MessageStore store = store()) {
            put(store, envelope("a"), random(1000, 1));
            examine(0, NOW);
            assertAbout(
                    "lock", Severity.OK, "process " + ProcessHandle.current().pid() + " uses the spool");
            assertAbout("index.db", Severity.OK, "journal_mode=wal");
            put(store, envelope("a"), random(1000, 1));
        }
    }

    @Test
    void clockBeforeTheNewestMessage_isAWarning() {
        fill();
        examine(0, NOW.minusSeconds(60));
        assertAbout("clock", Severity.WARNING, "the newest message came at " + NOW);
        examine(0, NOW.minusSeconds(2));
        assertAbout("clock", Severity.OK, "not before");
    }

    @Test
    void tooLittleRoom_isAFault() {
        fill();
        examine(Long.MAX_VALUE / 4, NOW);
        assertAbout("space", Severity.FAULT, "mail is deferred with 452");
    }

    @Test
    void indexKeptOtherwise_isFound() throws Exception {
        fill();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
        }
        examine(0, NOW);
        assertAbout("index.db", Severity.FAULT, "not kept with a write-ahead log");
    }

    @Test
    void indexThatNeverShrinks_isAWarning() throws Exception {
        fill();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory().resolve("index.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            statement.execute("PRAGMA auto_vacuum = NONE");
            statement.execute("VACUUM");
            statement.execute("PRAGMA journal_mode = WAL");
        }
        examine(0, NOW);
        assertAbout("index.db", Severity.WARNING, "auto_vacuum");
    }

    @Test
    void filesOpenToOthers_leftovers_areWarnings() throws IOException {
        fill();
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(directory().resolve("corrupt").resolve("x"), StoreDirectory.PRIVATE_FILE);
        examine(0, NOW);
        assertAbout(directory().toString(), Severity.WARNING, "its permissions are rwxr-xr-x");
        assertAbout("corrupt/", Severity.WARNING, "1 files, 0 octets");
    }

    @ParameterizedTest
    @CsvSource({
        "/var/spool, ext4, OK, local",
        "/srv, tmpfs, FAULT, in memory",
        "/srv/spool of mail/data, xfs, FAULT, without barriers",
        "/srv/spool, tmpfs, FAULT, in memory",
        "/mnt/x, fuse.sshfs, FAULT, network file system",
    })
    void mount_theDeepestAndLastCounts(String path, String type, Severity severity, String words) {
        Optional<Mount> mount = MountTable.parse(MOUNTS).of(Path.of(path));
        assertThat(mount).hasValueSatisfying(m -> assertThat(m.type()).isEqualTo(type));
        new DiskExamination(findings::add).fileSystem(mount);
        assertThat(findings).anySatisfy(f -> {
            assertThat(f.severity()).isEqualTo(severity);
            assertThat(f.what()).contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "overlay, rw, WARNING, layer of a container",
        "fuseblk, rw, WARNING, served by a program",
        "nfs, rw, FAULT, network file system",
        "ext4, ro, FAULT, read-only",
        "ext4, barrier=0, FAULT, without barriers",
        "ext4, data=writeback, WARNING, data=writeback",
    })
    void fileSystem_thatDoesNotKeep_isFound(String type, String option, Severity severity, String words) {
        Mount mount = new Mount(Path.of("/"), type, "/dev/sda1", Set.of("noatime", option));
        new DiskExamination(findings::add).fileSystem(Optional.of(mount));
        assertThat(findings).anySatisfy(f -> {
            assertThat(f.severity()).isEqualTo(severity);
            assertThat(f.what()).contains(words);
            assertThat(f.remedy()).isNotEmpty();
        });
    }

    @Test
    void optionsThatDoNotMatter_areNoFindings() {
        Mount mount = new Mount(Path.of("/"), "ext4", "/dev/sda1", Set.of("rw", "nodelalloc", "noatime", "barrier=1"));
        new DiskExamination(findings::add).fileSystem(Optional.of(mount));
        assertThat(findings)
                .singleElement()
                .satisfies(f -> assertThat(f.severity()).isEqualTo(Severity.OK));
    }

    @ParameterizedTest
    @CsvSource({"3, WARNING, too fast to be true", "800, OK, 0.800 ms (median)", "40000, WARNING, at most 25 messages"})
    void syncLatency_isJudged(long micros, Severity severity, String words) {
        Duration latency = Duration.ofNanos(micros * 1000);
        new DiskExamination(findings::add).syncLatency(new SyncLatency(latency, latency.multipliedBy(2)));
        assertThat(findings).singleElement().satisfies(f -> {
            assertThat(f.severity()).isEqualTo(severity);
            assertThat(f.what()).contains(words);
        });
    }

    @Test
    void syncLatency_percentiles() {
        SyncLatency latency =
                SyncLatency.of(LongStream.rangeClosed(1, 200).map(i -> 201 - i).toArray());
        assertThat(latency.median()).isEqualTo(Duration.ofNanos(101));
        assertThat(latency.slow()).isEqualTo(Duration.ofNanos(198));
    }

    @ParameterizedTest
    @CsvSource({"50000, FAULT", "120000, WARNING", "1000000, OK"})
    void inodes_areJudged(long free, Severity severity) {
        new DiskExamination(findings::add).room(directory(), 100, 1, Optional.of(new FreeInodes(free, 6_553_600)));
        assertThat(about("inodes").severity()).isEqualTo(severity);
    }

    @Test
    void lockOfAWholeFile_isFoundAmongOthers() {
        String locks = """
                1: POSIX  ADVISORY  WRITE 100 00:1a:386 120 120
                2: FLOCK  ADVISORY  WRITE 101 00:1a:386 0 EOF
                3: POSIX  ADVISORY  READ 102 00:1a:386 0 EOF
                4: POSIX  ADVISORY  WRITE 103 00:1a:1386 0 EOF
                5: -> POSIX  ADVISORY  WRITE 104 00:1a:386 0 EOF
                6: POSIX  ADVISORY  WRITE 105 00:1b:386 0 EOF
                """;
        assertThat(StoreLock.holder(locks, 386)).contains(105L);
        assertThat(StoreLock.holder(locks, 387)).isEmpty();
    }
}
