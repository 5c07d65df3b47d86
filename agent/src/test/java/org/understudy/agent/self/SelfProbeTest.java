package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.self.AlertPathSelfCheck.AlertPath;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResolverState;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Each fault of the agent itself, and that an agent without any is silent. */
class SelfProbeTest {
    private static final Optional<String> FINE = Optional.empty();

    @TempDir
    Path directory;

    private static ProbeResult run(SelfCheck... checks) {
        return new SelfProbe(new DomainName("agent.test"), List.of(checks), Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(20)));
    }

    private static Finding only(ProbeResult result, String id) {
        assertThat(result.findings()).extracting(f -> f.type().id()).containsExactly(id);
        return result.findings().get(0);
    }

    private static MailDomain domain(String name, String... hosts) {
        List<List<Exchanger>> tiers = List.of(hosts).stream()
                .map(host -> List.of(new Exchanger(new DomainName(host), Role.PRIMARY, 25)))
                .toList();
        return new MailDomain(new DomainName(name), tiers, DeclaredIntent.STANDARD);
    }

    private static StorageSelfCheck storage(Path directory, long minimumFreeBytes) {
        return new StorageSelfCheck(directory, minimumFreeBytes, () -> FINE, new AtomicBoolean());
    }

    @Test
    void healthyAgent_isSilent() {
        try (TimeServer right = new TimeServer(Duration.ZERO)) {
            ProbeResult result = run(
                    new ResolverSelfCheck(() -> List.of(new ResolverState("127.0.0.1:53", FINE))),
                    new EgressSelfCheck(() -> FINE),
                    new ClockSelfCheck(List.of(right.address())),
                    storage(directory, 1),
                    new SchedulerSelfCheck(new Lateness()),
                    new AlertPathSelfCheck(
                            List.of(new AlertPath("chat", FINE, List.of())), List.of(), d -> domain(d.text())));
            assertThat(result.findings()).isEmpty();
            assertThat(result.measurements())
                    .containsKeys("clock_offset_seconds", "disk_free_bytes", "lateness_seconds");
        }
    }

    @Test
    void oneResolverOfTwo_isAWarning_all_areCritical() {
        ResolverState good = new ResolverState("127.0.0.1:53", FINE);
        ResolverState bad = new ResolverState("127.0.0.2:53", Optional.of("no answer"));
        Finding one = only(run(new ResolverSelfCheck(() -> List.of(good, bad))), "agent-resolver-untrusted");
        assertThat(one.severity()).isEqualTo(Severity.WARNING);
        assertThat(one.subject()).isEqualTo("127.0.0.2:53");
        Finding all = only(run(new ResolverSelfCheck(() -> List.of(bad))), "agent-resolver-untrusted");
        assertThat(all.severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void nothingGetsOut() {
        Finding finding = only(
                run(new EgressSelfCheck(() -> Optional.of("the control hosts are silent"))), "agent-egress-25-blocked");
        assertThat(finding.summary()).contains("control hosts are silent");
    }

    @Test
    void clockThatIsOff_byTheMedian() {
        try (TimeServer wrong = new TimeServer(Duration.ofDays(1));
                TimeServer ahead = new TimeServer(Duration.ofSeconds(10));
                TimeServer alike = new TimeServer(Duration.ofSeconds(9))) {
            Finding finding = only(
                    run(new ClockSelfCheck(List.of(wrong.address(), ahead.address(), alike.address()))),
                    "agent-clock-skew");
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.summary()).contains("slow");
        }
    }

    @Test
    void clockThatIsOffByMinutes_isCritical() {
        try (TimeServer behind = new TimeServer(Duration.ofMinutes(-5))) {
            Finding finding = only(run(new ClockSelfCheck(List.of(behind.address()))), "agent-clock-skew");
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.summary()).contains("fast");
        }
    }

    @Test
    void silentTimeServers_sayNothing() {
        TimeServer gone = new TimeServer(Duration.ZERO);
        gone.close();
        assertThat(run(new ClockSelfCheck(List.of(gone.address()))).findings()).isEmpty();
    }

    @Test
    void littleSpaceLeft() {
        Finding finding = only(run(storage(directory, Long.MAX_VALUE)), "agent-storage-failing");
        assertThat(finding.summary()).contains("MiB are left");
    }

    /** A disk that goes and comes: the space given up for the alert is not taken again before there is room for all. */
    @Test
    void space_isSetAside_andGivenUp() throws IOException {
        Path reserve = directory.resolve("reserve");
        AtomicBoolean scarce = new AtomicBoolean();
        assertThat(run(new StorageSelfCheck(directory, 1, () -> FINE, scarce)).findings())
                .isEmpty();
        assertThat(reserve).hasSize(4 * 1024 * 1024);
        assertThat(scarce).isFalse();

        long free = Files.getFileStore(directory).getUsableSpace();
        StorageSelfCheck nearlyFull = new StorageSelfCheck(directory, free + 1024 * 1024, () -> FINE, scarce);
        only(run(nearlyFull), "agent-storage-failing");
        assertThat(reserve).exists();
        assertThat(scarce).isTrue();

        Files.delete(reserve);
        // Now there is enough, but not with the reserve.
        only(run(nearlyFull), "agent-storage-failing");
        assertThat(reserve).doesNotExist();
        assertThat(scarce).isTrue();
    }

    @Test
    void resultsThatAreNotStored() {
        Finding finding = only(
                run(new StorageSelfCheck(
                        directory, 1, () -> Optional.of("[SQLITE_CORRUPT] malformed"), new AtomicBoolean())),
                "agent-storage-failing");
        assertThat(finding.summary()).contains("SQLITE_CORRUPT");
    }

    @Test
    void directoryThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Finding finding = only(run(storage(file, 1)), "agent-storage-failing");
        assertThat(finding.summary()).contains("cannot be written");
    }

    @Test
    void lateProbes() {
        Lateness lateness = new Lateness();
        lateness.began("smtp/example.org/mx1", Duration.ofSeconds(45));
        lateness.began("smtp/example.org/mx2", Duration.ofSeconds(1));
        Finding finding = only(run(new SchedulerSelfCheck(lateness)), "agent-scheduler-misfire");
        assertThat(finding.summary()).contains("mx1", "45 s");
    }

    private static ProbeResult alertPaths(AlertPath... paths) {
        List<MailDomain> watched = List.of(domain("example.org", "mx1.example.org", "mx2.backup.example"));
        return run(new AlertPathSelfCheck(List.of(paths), watched, name -> switch (name.text()) {
            case "hosted.example" -> domain("hosted.example", "mx1.example.org");
            case "elsewhere.example" -> domain("elsewhere.example", "mx.elsewhere.example");
            default -> throw new IOException("no answer");
        }));
    }

    private static AlertPath mail(String host, String... domains) {
        return new AlertPath("mail", Optional.of(host), List.of(domains));
    }

    @Test
    void alertsByTheWatchedMail_areFound() {
        String id = "alert-path-depends-on-monitored-mail";
        assertThat(only(alertPaths(mail("smtp.elsewhere.example", "example.org")), id)
                        .summary())
                .contains("recipients in example.org");
        assertThat(only(alertPaths(mail("mx1.example.org", "elsewhere.example")), id)
                        .summary())
                .contains("hands its mail to mx1.example.org");
        assertThat(only(alertPaths(mail("smtp.elsewhere.example", "hosted.example")), id)
                        .summary())
                .contains("whose mail goes to mx1.example.org");
    }

    @Test
    void oneIndependentWay_isEnough() {
        AlertPath dependent = mail("mx1.example.org", "example.org");
        assertThat(alertPaths(dependent, new AlertPath("chat", FINE, List.of())).findings())
                .isEmpty();
        assertThat(alertPaths(mail("smtp.elsewhere.example", "example.org", "elsewhere.example"))
                        .findings())
                .isEmpty();
        assertThat(alertPaths(mail("smtp.elsewhere.example", "unknown.example")).findings())
                .isEmpty();
        assertThat(alertPaths().findings()).isEmpty();
    }
}
