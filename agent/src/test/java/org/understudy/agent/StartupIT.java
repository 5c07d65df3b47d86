package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who made a mistake: one clear sentence and exit code 1. */
class StartupIT {
    @TempDir
    Path directory;

    private record Outcome(int code, String output) {}

    private Outcome run(String command, UnaryOperator<String> change) throws IOException, InterruptedException {
        AgentProcess agent = new AgentProcess(directory);
        Files.writeString(agent.configuration(), change.apply(Files.readString(agent.configuration())));
        return outcomeOf(command, "config.yml");
    }

    private Outcome outcomeOf(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(AgentProcess.command(arguments))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output);
    }

    private static void assertOneSentence(Outcome outcome, String... words) {
        assertThat(outcome.code()).as(outcome.output()).isEqualTo(1);
        assertThat(outcome.output()).contains(words).doesNotContain("\tat ", "Exception");
        // What ran before the error may have logged that it started; the error itself is the last line.
        assertThat(outcome.output().strip().lines().toList()).last().asString().contains(words[0]);
    }

    @Test
    void check_shippedConfiguration_isGood() throws Exception {
        Outcome outcome = run("check", c -> c);
        assertThat(outcome.code()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("config.yml: OK, 1 domain(s)");
    }

    @Test
    void check_withoutAFile_saysThatItNeedsOne() throws Exception {
        Outcome outcome = outcomeOf("check");
        assertThat(outcome.code()).as(outcome.output()).isNotZero();
        assertThat(outcome.output()).contains("usage: ", "file").doesNotContain("OK", "\tat ");
    }

    @Test
    void check_findsWhatTheSpoolCannotWorkWith() throws Exception {
        assertOneSentence(
                run("check", c -> c.replace("retention: 14d", "retention: 90d")),
                "config.yml: spool.retention: 90 days is not between 1h and 31d");
        assertOneSentence(
                run(
                        "check",
                        c -> c.replace("directory: data/spool", "directory: data/spool\n  filtering:\n    time: 5m")),
                "config.yml: spool.filtering.time: 5 minutes is not between 1s and 2m");
    }

    @Test
    void check_looksAtQueues() throws Exception {
        UnaryOperator<String> good = c -> c.replace(
                "    validRecipients: [postmaster@lab.test]",
                "    queues:\n      - host: mx2.lab.test\n        postfix: {command: [postqueue, -j]}");
        assertThat(run("check", good).code()).isZero();
        assertOneSentence(
                run("check", c -> good.apply(c).replace("postfix: {command", "postfix: {comand")),
                "config.yml, line ",
                "unknown key \"comand\" in domains.0.queues.0.postfix",
                "Did you mean \"command\"?");
        assertOneSentence(
                run("check", c -> good.apply(c).replace("postfix: {command: [postqueue, -j]}", "haraka: {}")),
                "config.yml: domains.queues.haraka.command is missing");
    }

    @Test
    void namesThatDoNotFit_areRefused() throws Exception {
        String place = "\nvantages:\n  - {name: oslo, token: 0123456789abcdef, domains: [lab.test]}\n";
        assertThat(run("check", c -> c + place).code()).isZero();
        for (String command : List.of("check", "server")) {
            assertOneSentence(
                    run(command, c -> c + place + "  - {name: oslo, token: fedcba9876543210}\n"),
                    "config.yml: vantages: two are named oslo: give each place a name of its own");
            assertOneSentence(
                    run(command, c -> c + place.replace("[lab.test]", "[lab.tset]")),
                    "config.yml: vantages: oslo looks at lab.tset, which is not among domains");
        }
        assertOneSentence(
                run("check", c -> c.replace("\ndomains:\n", "\ndomains:\n  - {name: lab.test, mail: false}\n")),
                "config.yml: domains: lab.test is there twice");
    }

    @Test
    void typo_isRefused_withFileLineAndSuggestion() throws Exception {
        Outcome outcome = run("check", c -> c.replace("probeInterval: 5s", "probeIntervall: 5s"));
        assertOneSentence(
                outcome,
                "config.yml, line ",
                "unknown key \"probeIntervall\" in spool",
                "Did you mean \"probeInterval\"?");
        int line = Integer.parseInt(outcome.output().replaceAll("(?s).*line (\\d+).*", "$1"));
        assertThat(Files.readAllLines(directory.resolve("config.yml")).get(line - 1))
                .contains("probeIntervall");
    }

    @Test
    void typo_deepInAList_isRefused() throws Exception {
        assertOneSentence(
                run("server", c -> c.replace("role: backup", "rolle: backup")),
                "config.yml, line ",
                "unknown key \"rolle\"",
                "Did you mean \"role\"?");
    }

    @Test
    void wrongValue_isRefused() throws Exception {
        assertOneSentence(run("check", c -> c.replace("role: backup", "role: spare")), "config.yml, line ", "role");
    }

    @Test
    void missingName_isRefused() throws Exception {
        assertOneSentence(
                run("check", c -> c.replace("- name: lab.test", "- name: \"\"")),
                "config.yml, line ",
                "name must not be blank");
    }

    @Test
    void badDomain_isRefused() throws Exception {
        assertOneSentence(
                run("server", c -> c.replace("- host: mx2.lab.test", "- host: mx2 lab test")),
                "config.yml, line ",
                "not a domain name: \"mx2 lab test\"");
    }

    @Test
    void networkThatIsNone_isRefused_withItsLine() throws Exception {
        assertOneSentence(
                run("check", c -> c.replace("publicNetworks: [\"127.0.0.0/8\"]", "publicNetworks: [loopback]")),
                "config.yml, line ",
                "\"loopback\" is not a network: write an address, or address/prefix as 192.0.2.0/24");
    }

    @Test
    void backupDeclaredAndDenied_isRefused_withItsLine() throws Exception {
        assertOneSentence(
                run("check", c -> c.replace("noBackup: false", "noBackup: true")),
                "config.yml, line ",
                "lab.test has no backup (noBackup: true), and yet mx2.lab.test is declared as one");
    }

    @Test
    void trustAnchorsMissing_areRefused() throws Exception {
        assertOneSentence(
                run(
                        "check",
                        c -> c.replace("# trustAnchorFile: /usr/share/dns/root.key", "trustAnchorFile: nowhere/key")),
                "config.yml: trustAnchorFile: nowhere/key cannot be read: it does not exist");
    }

    @Test
    void thresholdOfNothing_isRefused_withItsLine() throws Exception {
        assertOneSentence(
                run("check", c -> c.replace("failureThreshold: 3", "failureThreshold: 0")),
                "config.yml, line ",
                "probes.failureThreshold must be greater than or equal to 1");
    }

    @Test
    void secretNotInEnvironment_isRefused() throws Exception {
        assertOneSentence(
                run("server", c -> c.replace("password: canary\n", "password: ${UNDERSTUDY_TEST_UNSET}\n")),
                "config.yml: line ",
                "UNDERSTUDY_TEST_UNSET",
                "is not set");
    }

    @Test
    void secretMissing_isRefused() throws Exception {
        assertOneSentence(
                run("server", c -> c.replaceFirst("webhookUrl: [^\n]*\n", "webhookUrlFile: nowhere/url\n")),
                "webhookUrlFile: nowhere/url cannot be read");
    }

    @Test
    void httpPortTaken_isOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertOneSentence(
                    run(
                            "server",
                            c -> c.replaceFirst("(?s)(adminConnectors:.*?port: )\\d+", "$1" + taken.getLocalPort())),
                    "cannot be used: another program listens there",
                    Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void smtpPortTaken_isOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertOneSentence(
                    run(
                            "server",
                            c -> c.replaceFirst(
                                    "listen: \\[\"127.0.0.1:\\d+\"\\]",
                                    "listen: [\"127.0.0.1:" + taken.getLocalPort() + "\"]")),
                    "cannot be used",
                    "127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void spoolDirectoryUnusable_isOneSentence() throws Exception {
        Files.writeString(directory.resolve("file"), "not a directory");
        assertOneSentence(
                run("server", c -> c.replace("directory: data/spool", "directory: file/spool")),
                "The spool directory file/spool cannot be used",
                "spool.directory");
    }

    @Test
    void configurationMissing_isOneSentence() throws Exception {
        Process process = new ProcessBuilder(AgentProcess.command("server", "nowhere.yml"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertOneSentence(new Outcome(process.waitFor(), output), "nowhere.yml");
    }
}
