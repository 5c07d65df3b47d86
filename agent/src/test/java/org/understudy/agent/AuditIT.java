package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.lab.Lab;
import org.understudy.agent.lab.LabSection;
import org.understudy.smtp.ScriptedServer;

/** The packaged program looks at the lab's domain once. */
class AuditIT {
    @TempDir
    Path directory;

    private final ScriptedServer backup =
            ScriptedServer.start().offers("PIPELINING", "SIZE 52428800", "8BITMIME", "DSN");
    private Lab lab;

    private record Outcome(int code, String output, String errors) {}

    @BeforeEach
    void start() {
        lab = Lab.start(
                new LabSection(true, null, null, directory.resolve("lab"), 0, 0, 0, 0, 0, null, null, null, null, null),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        backup.close();
        lab.close();
    }

    private Outcome run(String... arguments) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(AgentProcess.command(arguments))
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), output, Files.readString(errors));
    }

    private Outcome audit(String subdomain, String... arguments) throws IOException, InterruptedException {
        int dns = lab.addresses().dns().getPort();
        Files.writeString(directory.resolve("config.yml"), """
                agent:
                  name: agent.lab.test
                dns:
                  resolvers: ["127.0.0.1:%d"]
                  authoritativePort: %d
                  tryTimeout: 300ms
                  publicNetworks: ["127.0.0.0/8"]
                  independentNetworks: ["127.0.0.0/8"]
                domains:
                  - name: lab.test
                    recoveryObjective: 5s
                    subdomains: [%s]
                    tiers:
                      - - {host: mx1.lab.test, role: primary, port: %d}
                      - - {host: mx2.lab.test, role: backup, port: %d}
                """.formatted(
                        dns, dns, subdomain, lab.addresses().primarySmtp().getPort(), backup.port()));
        List<String> command = new ArrayList<>(List.of("audit", "--config", "config.yml"));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    private String[] resolver(String... command) {
        String dns = Integer.toString(lab.addresses().dns().getPort());
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("--resolver", "127.0.0.1:" + dns, "--dns-port", dns, "--public-network", "127.0.0.0/8"));
        return all.toArray(String[]::new);
    }

    @Test
    void healthyDomain_endsWithZero_andSaysNothingElse() throws Exception {
        Outcome outcome = audit("");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.output())
                .startsWith("lab.test: OK, ")
                .contains("mx1.lab.test primary, mx2.lab.test backup")
                .doesNotContain("guessed", "\u001b");
        assertThat(outcome.errors()).isEmpty();
    }

    @Test
    void warning_endsWithOne() throws Exception {
        Outcome outcome = audit("www.lab.test", "--format", "nagios");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.output()).startsWith("WARNING - lab.test: 0 critical, 1 warnings, 0 unknown: ");
    }

    @Test
    void deadBackup_endsWithTwo_andIsNamed() throws Exception {
        backup.pause();
        Outcome outcome = audit("", "--format", "json", "--output-dir", "out");
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(2);
        JsonNode json = new ObjectMapper().readTree(outcome.output());
        assertThat(json.at("/domains/0/findings/0/id").asText()).isEqualTo("backup-smtp-unreachable");
        assertThat(json.at("/domains/0/findings/0/subject").asText()).isEqualTo("mx2.lab.test");
        assertThat(new ObjectMapper()
                        .readTree(directory.resolve("out/lab.test.json").toFile()))
                .isEqualTo(json.at("/domains/0"));
    }

    @Test
    void domainThatNobodyCanAskAbout_endsWithThree() throws Exception {
        Outcome outcome = run("audit", "lab.test", "--format", "junit", "--resolver", "127.0.0.1:" + backup.port());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(3);
        assertThat(outcome.output()).contains("<error type=\"unknown\"", "errors=\"1\"");
    }

    @Test
    void undeclaredDomain_isLookedAtWithoutConfiguration() throws Exception {
        Outcome outcome = run(resolver("audit", "lab.test", "--smtp-port", Integer.toString(backup.port())));
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(2);
        assertThat(outcome.output())
                .contains("guessed from the MX records", "shared-fate-same-host")
                .doesNotContain("unreachable", "special-address");
        assertThat(outcome.errors()).isEmpty();
    }

    @Test
    void mistakes_areOneSentence_andExitCodeThree() throws Exception {
        for (String[] command : List.of(
                new String[] {"audit"},
                new String[] {"audit", "not a domain"},
                new String[] {"audit", "lab.test", "--config", "missing.yml"},
                new String[] {"audit", "lab.test", "--ca", "missing.pem"},
                new String[] {"audit", "lab.test", "--dns-port", "0"})) {
            Outcome outcome = run(command);
            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(3);
            assertThat(outcome.errors()).doesNotContain("Exception", "\tat ").hasLineCount(1);
        }
    }

    @Test
    void init_printsWhatCheckTakes() throws Exception {
        Outcome draft = run(resolver("init", "lab.test"));
        assertThat(draft.code()).as(draft.toString()).isZero();
        assertThat(draft.output()).contains("host: mx2.lab.test", "role: backup", "# canary:");
        Files.writeString(directory.resolve("draft.yml"), draft.output());
        Outcome check = run("check", "draft.yml");
        assertThat(check.output()).as(check.toString()).contains("draft.yml: OK, 1 domain(s)");
        assertThat(run(resolver("init", "nothing.lab.test")).errors()).contains("has no MX record");
    }
}
