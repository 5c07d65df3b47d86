package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpSession;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** What a person sees who looks into the spool with {@code understudy spool}. */
class SpoolCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path directory;

    private static final class Outcome {
        private final int code;
        private final byte[] output;
        private final String errors;

        Outcome(int code, byte[] output, String errors) {
            this.code = code;
            this.output = output;
            this.errors = errors;
        }

        int code() {
            return code;
        }

        byte[] output() {
            return output;
        }

        String errors() {
            return errors;
        }

        String text() {
            return new String(output, StandardCharsets.UTF_8);
        }

        JsonNode json() throws IOException {
            return JSON.readTree(output);
        }
    }

    private Outcome spool(String... arguments) throws IOException, InterruptedException {
        List<String> command = AgentProcess.command("spool");
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile(directory, "errors", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output, Files.readString(errors));
    }

    private Path mail() {
        return directory.resolve("data").resolve("spool");
    }

    /** Ten messages of which the fourth is set aside and the last is settled. */
    private List<QueueId> fill() {
        StorageSettings settings = new StorageSettings(mail(), 64 * 1024 * 1024, 100_000, 0);
        try (MessageStore store = MessageStores.embedded(settings, Clock.fixed(NOW, ZoneOffset.UTC))) {
            List<QueueId> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add(put(store, i == 0 ? "example.net" : "lab.test", MailLoad.content(i == 2 ? 100 : i)));
            }
            store.record(ids.get(3), List.of(change(UnitState.QUARANTINED, "550 5.7.1 no")));
            store.record(ids.get(9), List.of(change(UnitState.FORWARDED, "250 ok")));
            return ids;
        }
    }

    private static UnitChange change(UnitState state, String reply) {
        return new UnitChange(0, state, NOW, reply, "");
    }

    private static QueueId put(MessageStore store, String domain, byte[] content) {
        Envelope envelope = Envelope.of(
                ReversePath.of(new Mailbox("s", "sender.test")), new ForwardPath("user", Optional.of(domain)));
        Origin origin =
                new Origin(InetAddress.getLoopbackAddress(), "client.test", "ESMTPS", Optional.of("TLSv1.3"), NOW);
        MessageDraft draft = store.begin(envelope, origin);
        draft.write(content, 0, content.length);
        assertThat(draft.commit()).isEqualTo(CommitResult.STORED);
        return draft.id();
    }

    /** Flips an octet behind the first place where a text stands in the segment. */
    private void damageBehind(String text) throws IOException {
        Path segment = mail().resolve("segments").resolve("000000000001.seg");
        int at = Files.readString(segment, StandardCharsets.ISO_8859_1).indexOf(text) + text.length() + 20;
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(at);
            int octet = file.read();
            file.seek(at);
            file.write(octet ^ 1);
        }
    }

    private static void assertOneSentence(Outcome outcome, String... words) {
        assertThat(outcome.code()).as(outcome.errors()).isEqualTo(2);
        assertThat(outcome.errors()).contains(words).doesNotContain("\tat ", "Exception");
        assertThat(outcome.errors().strip().lines()).hasSize(1);
        assertThat(outcome.output()).isEmpty();
    }

    @Test
    void help_isThereForEachCommand() throws Exception {
        assertThat(spool("--help").text()).contains("verify", "doctor", "export");
        for (String task : List.of("verify", "doctor", "export")) {
            Outcome outcome = spool(task, "--help");
            assertThat(outcome.code()).isZero();
            assertThat(outcome.text()).contains("--directory DIR", "--config FILE", "--format {text,json}");
        }
    }

    @Test
    void verify_soundSpool() throws Exception {
        fill();
        new AgentProcess(directory);
        Outcome text = spool("verify");
        assertThat(text.code()).as(text.text() + text.errors()).isZero();
        assertThat(text.text())
                .startsWith("data/spool: sound\n")
                .contains(
                        "not in use; read 1 segments, 13 records and 1 large files",
                        "messages in the index: 9, records of settled ones: 1, not yet in the index: 0",
                        "recipients accepted: 10 = queued 8 + quarantined 1 + forwarded 1");
        JsonNode json = spool("verify", "--format", "json", "--directory", mail().toString())
                .json();
        assertThat(json.path("findings").isArray()).isTrue();
        assertThat(json.path("findings")).isEmpty();
        assertThat(json.at("/result/state").asText()).isEqualTo("ok");
        assertThat(json.at("/result/counts/messages").asInt()).isEqualTo(9);
        assertThat(json.at("/result/counts/ledger/queued").asInt()).isEqualTo(8);
    }

    @Test
    void verify_damagedMessage_isNamed_exitCode2() throws Exception {
        List<QueueId> ids = fill();
        damageBehind("Subject: message 5");
        Outcome text = spool("verify", "--directory", "data/spool");
        assertThat(text.code()).isEqualTo(2);
        assertThat(text.text())
                .contains(
                        "fault    segments/000000000001.seg at ",
                        "the message " + ids.get(5) + " cannot be read: its record is damaged or missing. ",
                        "'spool export'",
                        "data/spool: faults: 2, warnings: 0",
                        "messages in the index: 8");
        JsonNode json =
                spool("verify", "--directory", "data/spool", "--format", "json").json();
        assertThat(json.path("findings")).hasSize(2);
        assertThat(json.at("/findings/1/severity").asText()).isEqualTo("fault");
        assertThat(json.at("/findings/1/where").asText()).startsWith("segments/000000000001.seg at ");
        assertThat(json.at("/result/state").asText()).isEqualTo("fault");
    }

    @Test
    void verify_leftovers_exitCode1() throws Exception {
        fill();
        Files.writeString(mail().resolve("large").resolve("0ZZZZZZZZZZZ.tmp"), "cut off");
        Outcome text = spool("verify", "--directory", "data/spool");
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.text()).contains("warning  large/0ZZZZZZZZZZZ.tmp: ", "faults: 0, warnings: ");
    }

    @Test
    void doctor_looksAtAll_andItsExitCodeIsTheWorst() throws Exception {
        fill();
        new AgentProcess(directory);
        JsonNode json = spool("doctor", "--format", "json").json();
        assertThat(json.path("findings").findValuesAsText("where"))
                .contains("sync latency", "lock", "index.db", "clock", "permissions", "owner", "corrupt/");
        Files.writeString(mail().resolve("corrupt").resolve("1-2.bin"), "x");
        Files.setPosixFilePermissions(
                mail().resolve("corrupt").resolve("1-2.bin"), PosixFilePermissions.fromString("rw-------"));
        Outcome text = spool("doctor");
        assertThat(text.text())
                .contains(
                        "ok       index.db: journal_mode=wal, synchronous=FULL, auto_vacuum=incremental",
                        "warning  corrupt/: what could not be read was set aside here: 1 files");
        assertThat(text.code()).isEqualTo(text.text().contains("\nfault ") ? 2 : 1);
    }

    @Test
    void doctor_certificateOfTheConfiguration_isLookedAt() throws Exception {
        fill();
        AgentProcess agent = new AgentProcess(directory);
        Files.writeString(
                agent.configuration(),
                Files.readString(agent.configuration())
                        .replaceFirst("\nspool:\n", "\nspool:\n  tls: {certificateFile: no.pem, keyFile: no.key}\n"));
        Outcome text = spool("doctor");
        assertThat(text.text()).contains("fault    certificate no.pem: it cannot be read: it does not exist");
        assertThat(text.code()).isEqualTo(2);
    }

    @Test
    void export_all_isOctetForOctet_private_andNeverOverwritten() throws Exception {
        List<QueueId> ids = fill();
        Outcome first = spool("export", "--all", "--directory", "data/spool", "--output", "out");
        assertThat(first.code()).as(first.errors()).isZero();
        assertThat(first.text()).contains("exported: 9, damaged: 0, there already: 0, not in the spool: 0");
        Path out = directory.resolve("out");
        for (int i = 0; i < 9; i++) {
            Path content = out.resolve(ids.get(i) + ".eml");
            assertThat(content).hasBinaryContent(MailLoad.content(i == 2 ? 100 : i));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(content)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");
        JsonNode envelope = JSON.readTree(out.resolve(ids.get(3) + ".json").toFile());
        assertThat(envelope.path("reversePath").asText()).isEqualTo("<s@sender.test>");
        assertThat(envelope.at("/units/0/recipient").asText()).isEqualTo("<user@lab.test>");
        assertThat(envelope.at("/units/0/state").asText()).isEqualTo("quarantined");
        assertThat(envelope.at("/units/0/lastReply").asText()).isEqualTo("550 5.7.1 no");
        assertThat(envelope.at("/units/0/attempts").asInt()).isEqualTo(1);
        assertThat(envelope.at("/origin/heloName").asText()).isEqualTo("client.test");
        Files.writeString(out.resolve(ids.get(1) + ".eml"), "changed by hand");
        Outcome again = spool("export", "--all", "--directory", "data/spool", "--output", "out");
        assertThat(again.code()).isZero();
        assertThat(again.text()).contains("exported: 0, damaged: 0, there already: 9", "was left alone");
        assertThat(out.resolve(ids.get(1) + ".eml")).hasContent("changed by hand");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).hasSize(18);
        }
    }

    @Test
    void export_ofADomainOrState_orToStandardOutput() throws Exception {
        List<QueueId> ids = fill();
        JsonNode domain = spool(
                        "export",
                        "--domain",
                        "Example.NET",
                        "--directory",
                        "data/spool",
                        "--output",
                        "domain",
                        "--format",
                        "json")
                .json();
        assertThat(domain.at("/messages/0/id").asText()).isEqualTo(ids.get(0).text());
        assertThat(domain.at("/result/exported").asInt()).isEqualTo(1);
        JsonNode state = spool(
                        "export",
                        "--all",
                        "--state",
                        "quarantined",
                        "--directory",
                        "data/spool",
                        "--output",
                        "state",
                        "--format",
                        "json")
                .json();
        assertThat(state.path("messages")).hasSize(1);
        assertThat(state.at("/messages/0/id").asText()).isEqualTo(ids.get(3).text());
        Outcome printed = spool("export", ids.get(2).text(), "-", "--directory", "data/spool");
        assertThat(printed.output()).isEqualTo(MailLoad.content(100));
        assertThat(printed.code()).isZero();
        Outcome option = spool("export", ids.get(4).text(), "--output", "-", "--directory", "data/spool");
        assertThat(option.output()).isEqualTo(MailLoad.content(4));
    }

    @Test
    void export_damagedMessage_asFarAsItGoes_exitCode1() throws Exception {
        List<QueueId> ids = fill();
        damageBehind("Subject: message 4");
        Outcome text =
                spool("export", ids.get(4).text(), ids.get(5).text(), "--directory", "data/spool", "--output", "out");
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.text()).contains("as far as it can be read: the stored content does not match its checksum");
        Path damaged = directory.resolve("out").resolve(ids.get(4) + ".damaged.eml");
        assertThat(Files.size(damaged)).isEqualTo(MailLoad.content(4).length);
        assertThat(directory.resolve("out").resolve(ids.get(5) + ".eml")).hasBinaryContent(MailLoad.content(5));
        assertThat(JSON.readTree(directory
                                .resolve("out")
                                .resolve(ids.get(4) + ".json")
                                .toFile())
                        .path("damage")
                        .asText())
                .contains("checksum");
        Outcome printed = spool("export", ids.get(4).text(), "-", "--directory", "data/spool");
        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.errors()).contains("as far as it can be read");
    }

    @Test
    void export_argumentsThatMakeNoSense_areOneSentence() throws Exception {
        List<QueueId> ids = fill();
        assertOneSentence(spool("export", "--directory", "data/spool", "--output", "out"), "Say which messages");
        assertOneSentence(spool("export", "--all", "--directory", "data/spool"), "Say where to: --output DIR");
        assertOneSentence(spool("export", "no-id", "--directory", "data/spool", "--output", "out"), "not a queue id");
        assertOneSentence(
                spool("export", ids.get(9).text(), "-", "--directory", "data/spool"),
                "no such message is in the spool");
        assertOneSentence(spool("export", "--all", "--output", "-", "--directory", "data/spool"), "takes one message");
        Files.writeString(directory.resolve("file"), "in the way");
        Outcome unwritable = spool("export", "--all", "--directory", "data/spool", "--output", "file");
        assertOneSentence(unwritable, "cannot be written to file (something else is there)");
    }

    @Test
    void spoolOrConfigurationThatIsNone_isOneSentence() throws Exception {
        assertOneSentence(spool("verify", "--directory", "nowhere"), "The spool directory nowhere does not exist");
        assertOneSentence(spool("doctor", "--directory", "."), "is not a spool");
        assertOneSentence(spool("verify"), "config.yml cannot be read: name one with --config");
        AgentProcess agent = new AgentProcess(directory);
        Files.writeString(
                agent.configuration(),
                Files.readString(agent.configuration()).replace("probeInterval: 5s", "probeIntervall: 5s"));
        assertOneSentence(spool("verify"), "config.yml, line ", "Did you mean \"probeInterval\"?");
        Outcome wrong = spool("verify", "--format", "xml");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.errors()).contains("--format");
    }

    @Test
    void besideARunningAgent() throws Exception {
        try (AgentProcess agent = new AgentProcess(directory)) {
            agent.start();
            agent.post("/lab/primary/stop");
            MailLoad load = new MailLoad(agent.port(2525));
            SmtpSession session = load.open().orElseThrow();
            for (int number = 1; number <= 20; number++) {
                assertThat(load.send(session, number)).isTrue();
            }
            session.close();
            Outcome verify = spool("verify");
            assertThat(verify.code()).as(verify.text() + verify.errors()).isZero();
            assertThat(verify.text()).contains("in use by an agent");
            assertThat(spool("doctor").text()).contains("uses the spool");
            Outcome export = spool("export", "--domain", "lab.test", "--output", "out");
            assertThat(export.code()).as(export.errors()).isZero();
            assertThat(load.acknowledged().keySet()).isSubsetOf(contents(directory.resolve("out")));
            agent.post("/lab/primary/start");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> agent.get("/api/v1/status")
                                    .at("/spool/counts/queued")
                                    .asInt(-1)
                            == 0);
            assertThat(spool("verify").code()).isZero();
        }
    }

    /** Checksums of exported messages without the trace field of ours. */
    private static List<String> contents(Path directory) throws IOException {
        List<String> sums = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".eml")).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                String sent = text.substring(Math.max(0, text.indexOf("Subject: ")));
                sums.add(MailLoad.sha256(sent.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        return sums;
    }
}
