package org.understudy.agent.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.DomainProbes;
import org.understudy.agent.config.AgentSection;
import org.understudy.agent.config.DnsSection;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.lab.Lab;
import org.understudy.agent.lab.LabSection;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ScriptedServer;

class AuditorTest {
    private static final DomainName DOMAIN = new DomainName("lab.test");
    private static final DeclaredIntent LAB_INTENT =
            new DeclaredIntent(true, false, false, Duration.ofSeconds(5), List.of());

    @TempDir
    Path directory;

    private final ObjectMapper mapper = Jackson.newObjectMapper();
    private final ScriptedServer backup =
            ScriptedServer.start().offers("PIPELINING", "SIZE 52428800", "8BITMIME", "DSN");
    private final Set<String> progress = ConcurrentHashMap.newKeySet();
    private Lab lab;

    @BeforeEach
    void start() {
        lab = Lab.start(
                new LabSection(true, null, null, directory, 0, 0, 0, 0, 0, null, null, null, null, null),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        backup.close();
        lab.close();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private MailDomain domain(String primary, int primaryPort, String backupHost, int backupPort) {
        return new MailDomain(
                DOMAIN,
                List.of(
                        List.of(new Exchanger(new DomainName(primary), Role.PRIMARY, primaryPort)),
                        List.of(new Exchanger(new DomainName(backupHost), Role.BACKUP, backupPort))),
                LAB_INTENT);
    }

    private MailDomain healthy() {
        return domain("mx1.lab.test", lab.addresses().primarySmtp().getPort(), "mx2.lab.test", backup.port());
    }

    private List<DomainAudit> audit(InetSocketAddress resolver, Map<DomainName, MailDomain> declared, String... names)
            throws Exception {
        ObjectNode dns = mapper.createObjectNode();
        dns.putArray("resolvers").add("127.0.0.1:" + resolver.getPort());
        dns.put("authoritativePort", resolver.getPort());
        dns.put("tryTimeout", "200ms");
        dns.putArray("publicNetworks").add("127.0.0.0/8");
        dns.putArray("independentNetworks").add("127.0.0.0/8");
        DnsSection section = mapper.treeToValue(dns, DnsSection.class);
        DomainProbes probes = DomainProbes.once(
                new AgentSection("agent.lab.test", null, null, null, null, null),
                section,
                mapper.readValue("{}", ProbesSection.class),
                PolicySettings.STANDARD,
                Clock.systemUTC());
        Auditor auditor = new Auditor(
                probes, section.settings(), declared, backup.port(), Duration.ofSeconds(10), Clock.systemUTC());
        List<DomainAudit> audits = new ArrayList<>();
        auditor.audit(List.of(names).stream().map(DomainName::new).toList(), 4, new Noted(), audits::add);
        return audits;
    }

    private final class Noted implements AuditProgress {
        @Override
        public void domainBegun(DomainName domain) {
            progress.add("begun " + domain);
        }

        @Override
        public void probeEnded(DomainName domain, String probeId) {
            progress.add(probeId);
        }

        @Override
        public void domainEnded(DomainName domain) {
            progress.add("ended " + domain);
        }
    }

    private DomainAudit only(MailDomain declared) throws Exception {
        return audit(lab.addresses().dns(), Map.of(DOMAIN, declared), "lab.test")
                .get(0);
    }

    private static List<String> ids(DomainAudit audit, Severity severity) {
        return audit.findings(severity).stream()
                .map(f -> f.type().id() + " " + f.subject())
                .toList();
    }

    @Test
    void healthyDomain_isOk_andSilent() throws Exception {
        DomainAudit audit = only(healthy());
        assertThat(audit.status()).as(audit.toString()).isEqualTo(AuditStatus.OK);
        assertThat(audit.findings(Severity.INFO)).isEmpty();
        assertThat(audit.presumed()).isFalse();
        assertThat(progress)
                .contains("begun lab.test", "dns/lab.test/mx", "smtp/lab.test/mx2.lab.test", "ended lab.test");
    }

    @Test
    void deadBackup_isCritical_andNamed() throws Exception {
        DomainAudit audit =
                only(domain("mx1.lab.test", lab.addresses().primarySmtp().getPort(), "mx2.lab.test", closedPort()));
        assertThat(audit.status()).isEqualTo(AuditStatus.CRITICAL);
        assertThat(ids(audit, Severity.CRITICAL)).containsExactly("backup-smtp-unreachable mx2.lab.test");
    }

    @Test
    void declaredRoles_areWhatCounts() throws Exception {
        DomainAudit audit = only(domain(
                "mx2.lab.test",
                backup.port(),
                "mx1.lab.test",
                lab.addresses().primarySmtp().getPort()));
        assertThat(ids(audit, Severity.CRITICAL)).containsExactly("mx-backup-preferred-over-primary mx1.lab.test");
    }

    @Test
    void undeclaredDomain_getsRolesFromItsRecords() throws Exception {
        DomainAudit audit = audit(lab.addresses().dns(), Map.of(), "lab.test").get(0);
        assertThat(audit.presumed()).isTrue();
        assertThat(audit.exchangers()).containsExactly("mx1.lab.test primary", "mx2.lab.test backup");
        assertThat(ids(audit, Severity.CRITICAL)).noneMatch(id -> id.contains("unreachable"));
    }

    @Test
    void silentResolver_isUnknown_andSaysWhy() throws Exception {
        DomainAudit audit = audit(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort()), Map.of(), "lab.test")
                .get(0);
        assertThat(audit.status()).isEqualTo(AuditStatus.UNKNOWN);
        assertThat(audit.unknown())
                .hasEntrySatisfying("lab.test", cause -> assertThat(cause).contains("MX records of lab.test"));
    }

    @Test
    void manyDomains_keepTheirOrder() throws Exception {
        List<DomainAudit> audits =
                audit(lab.addresses().dns(), Map.of(DOMAIN, healthy()), "a.lab.test", "lab.test", "b.lab.test");
        assertThat(audits).extracting(a -> a.name().text()).containsExactly("a.lab.test", "lab.test", "b.lab.test");
        assertThat(audits)
                .extracting(DomainAudit::status)
                .containsExactly(AuditStatus.CRITICAL, AuditStatus.OK, AuditStatus.CRITICAL);
        assertThat(ids(audits.get(0), Severity.CRITICAL)).containsExactly("mx-none-implicit a.lab.test");
    }
}
