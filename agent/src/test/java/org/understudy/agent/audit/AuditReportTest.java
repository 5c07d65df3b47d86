package org.understudy.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.smtp.DomainName;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class AuditReportTest {
    private static final DomainName NAME = new DomainName("example.org");
    private static final Finding CRITICAL = Finding.of(
                    FindingType.MX_BACKUP_MISSING,
                    "mx2.example.org",
                    "The declared backup mx2.example.org has no MX record",
                    Map.of("ns1", "example.org. IN MX 10 mx1.example.org.\u001b[2J"))
            .withFix("example.org. IN MX 20 mx2.example.org.");
    private static final Finding WARNING = Finding.of(
            FindingType.SMTP_SLOW, "mx1.example.org", "a | b <slow>", Map.of("transcript", "S: 220 a\nC: EHLO b"));
    private static final Finding INFO =
            Finding.of(FindingType.MX_DUPLICATE_TARGET, "mx1.example.org", "mx1.example.org is listed twice", Map.of());

    private final ObjectMapper mapper = Jackson.newObjectMapper();

    private static ProbeResult result(String id, Finding... findings) {
        return new ProbeResult(
                id,
                Instant.EPOCH,
                Duration.ofMillis(20),
                findings.length == 0 ? Outcome.OK : Outcome.FINDING,
                List.of(findings),
                "",
                Map.of(),
                Map.of("resolver", "127.0.0.1"),
                "");
    }

    private static ProbeResult unknown(String id) {
        return new ProbeResult(
                id,
                Instant.EPOCH,
                Duration.ZERO,
                Outcome.UNKNOWN,
                List.of(),
                "the resolver is silent",
                Map.of(),
                Map.of(),
                "");
    }

    private static DomainAudit audit(ProbeResult... results) {
        MailDomain domain = new MailDomain(
                NAME, List.of(List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25))));
        return new DomainAudit(NAME, Optional.of(domain), true, List.of(results), "", Duration.ofMillis(1500));
    }

    private String report(AuditFormat format, boolean coloured, DomainAudit... audits) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        AuditReport report = format.report(out, coloured, mapper);
        Arrays.stream(audits).forEach(report::add);
        report.end();
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'', OK, 0",
        "INFO, OK, 0",
        "WARNING, WARNING, 1",
        "CRITICAL, CRITICAL, 2",
        "UNKNOWN, UNKNOWN, 3",
        "'UNKNOWN WARNING', WARNING, 1",
        "'WARNING UNKNOWN CRITICAL', CRITICAL, 2"
    })
    void status_isTheWorst(String seen, AuditStatus expected, int exitCode) {
        Map<String, ProbeResult> known = Map.of(
                "", result("dns/ok"),
                "INFO", result("dns/info", INFO),
                "WARNING", result("dns/warning", WARNING),
                "CRITICAL", result("dns/critical", CRITICAL),
                "UNKNOWN", unknown("dns/unknown"));
        DomainAudit audit = audit(Arrays.stream(seen.split(" ")).map(known::get).toArray(ProbeResult[]::new));
        assertThat(audit.status()).isEqualTo(expected);
        assertThat(audit.status().exitCode()).isEqualTo(exitCode);
        assertThat(AuditStatus.OK.and(audit.status())).isEqualTo(expected);
    }

    @Test
    void text_isGrouped_andOrdersNoTerminalAbout() {
        String text = report(
                AuditFormat.TEXT,
                false,
                audit(
                        result("dns/a", CRITICAL, INFO),
                        result("dns/b", CRITICAL),
                        result("smtp/c", WARNING),
                        unknown("d/e")));
        assertThat(text)
                .containsSubsequence(
                        "example.org: CRITICAL, 4 probes in 1.5 s",
                        "mx1.example.org primary (guessed from the MX records",
                        "Errors",
                        "mx-backup-missing mx2.example.org",
                        "has no MX record",
                        "ns1: example.org. IN MX 10 mx1.example.org.\\x1b[2J",
                        "Warnings",
                        "smtp-slow",
                        "S: 220 a",
                        "Infos",
                        "mx-duplicate-target",
                        "Not seen",
                        "d/e: the resolver is silent",
                        "Instructions",
                        "mx-backup-missing: Restore the MX record of the backup.",
                        "example.org. IN MX 20 mx2.example.org.")
                .doesNotContain("\u001b");
        assertThat(text.split("has no MX record", -1)).hasSize(2);
    }

    @Test
    void text_hasColours_onlyIfWanted() {
        assertThat(report(AuditFormat.TEXT, true, audit(result("dns/a", CRITICAL))))
                .contains("\u001b[31mCRITICAL\u001b[0m");
    }

    @Test
    void text_ofManyDomains_isSummedUp() {
        assertThat(report(AuditFormat.TEXT, false, audit(result("a/b")), audit(result("a/b", WARNING))))
                .endsWith("2 domains: 1 WARNING, 1 OK\n");
    }

    @Test
    void json_hasEverything() throws Exception {
        JsonNode json = mapper.readTree(report(
                AuditFormat.JSON, false, audit(result("dns/a", CRITICAL), unknown("d/e")), audit(result("a/b"))));
        assertThat(json.at("/result/status").asText()).isEqualTo("critical");
        assertThat(json.at("/result/exitCode").asInt()).isEqualTo(2);
        assertThat(json.at("/result/domains").asInt()).isEqualTo(2);
        JsonNode domain = json.at("/domains/0");
        assertThat(domain.at("/domain").asText()).isEqualTo("example.org");
        assertThat(domain.at("/rolesGuessed").asBoolean()).isTrue();
        assertThat(domain.at("/exchangers/0/role").asText()).isEqualTo("primary");
        assertThat(domain.at("/findings/0/id").asText()).isEqualTo("mx-backup-missing");
        assertThat(domain.at("/findings/0/severity").asText()).isEqualTo("critical");
        assertThat(domain.at("/findings/0/evidence/ns1").asText()).contains("MX 10");
        assertThat(domain.at("/findings/0/instruction").asText()).isNotEmpty();
        assertThat(domain.at("/findings/0/fix").asText()).contains("MX 20");
        assertThat(domain.at("/unknown").get("d/e").asText()).isEqualTo("the resolver is silent");
        assertThat(domain.at("/probes/0/facts/resolver").asText()).isEqualTo("127.0.0.1");
        assertThat(json.at("/domains/1/status").asText()).isEqualTo("ok");
    }

    @Test
    void nagios_isOneLineWithPerformanceData_thenDetails() {
        List<String> lines = report(
                        AuditFormat.NAGIOS,
                        false,
                        audit(result("dns/a", CRITICAL), result("b/c", WARNING), unknown("d/e")))
                .lines()
                .toList();
        assertThat(lines.get(0))
                .startsWith(
                        "CRITICAL - example.org: 1 critical, 1 warnings, 1 unknown: CRITICAL example.org mx-backup-missing")
                .matches("[^|]*\\| critical=1 warning=1 unknown=1 time=1\\.500s");
        assertThat(lines).hasSize(4).element(2).asString().contains("WARNING example.org smtp-slow: a / b <slow>");
        assertThat(report(AuditFormat.NAGIOS, false, audit(result("a/b"))))
                .isEqualTo("OK - example.org: nothing wrong | critical=0 warning=0 unknown=0 time=1.500s\n");
    }

    @Test
    void junit_isXml_withACaseForEachFindingAndProbe() throws Exception {
        String text = report(
                AuditFormat.JUNIT,
                false,
                audit(result("dns/a", CRITICAL, INFO), result("dns/b", INFO), result("b/c", WARNING), unknown("d/e")));
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("name")).isEqualTo("example.org");
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("2");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(4);
        Element failure = (Element) document.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("critical");
        assertThat(failure.getTextContent()).contains("mx2.example.org", "\\x1b[2J", "MX 20");
    }

    @Test
    void files_areOnePerDomain() throws Exception {
        Path directory = this.directory.resolve("new");
        new AuditFiles(directory, mapper).write(audit(result("dns/a", CRITICAL)));
        try (var files = Files.list(directory)) {
            assertThat(files).extracting(f -> f.getFileName().toString()).containsExactly("example.org.json");
        }
        assertThat(mapper.readTree(directory.resolve("example.org.json").toFile())
                        .at("/status")
                        .asText())
                .isEqualTo("critical");
        assertThat(audit(result("dns/a", CRITICAL)).findings(Severity.CRITICAL)).hasSize(1);
    }

    @TempDir
    Path directory;
}
