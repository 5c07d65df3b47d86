package org.understudy.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.agent.AgentApplication;
import org.understudy.agent.AgentConfiguration;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;

/** What init prints is read back as the server would read it. */
class ConfigurationDraftTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final Bootstrap<AgentConfiguration> bootstrap = bootstrap();

    private static Bootstrap<AgentConfiguration> bootstrap() {
        AgentApplication application = new AgentApplication();
        Bootstrap<AgentConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        bootstrap.setConfigurationSourceProvider(new io.dropwizard.configuration.FileConfigurationSourceProvider());
        return bootstrap;
    }

    private static Exchanger exchanger(String host, Role role, int port) {
        return new Exchanger(new DomainName(host), role, port);
    }

    static Stream<MailDomain> domains() {
        return Stream.of(
                new MailDomain(
                        new DomainName("example.org"),
                        List.of(
                                List.of(
                                        exchanger("mx1.example.org", Role.PRIMARY, 25),
                                        exchanger("mx2.example.org", Role.PRIMARY, 25)),
                                List.of(exchanger("mx3.example.org", Role.BACKUP, 25)))),
                new MailDomain(new DomainName("no"), List.of(List.of(exchanger("1e5.no", Role.PRIMARY, 2525)))),
                new MailDomain(
                        new DomainName("example.net"),
                        List.of(),
                        new DeclaredIntent(false, false, false, DAY, List.of())));
    }

    private LookupSections sections(ObjectNode options) throws IOException {
        return LookupSections.of(options, bootstrap.getObjectMapper());
    }

    private AgentConfiguration read(MailDomain domain, ObjectNode options) throws Exception {
        Path file = directory.resolve("config.yml");
        Files.writeString(file, new ConfigurationDraft(domain, sections(options)).text());
        return ConfigurationFile.read(bootstrap, file.toString());
    }

    private ObjectNode options() {
        ObjectMapper mapper = bootstrap.getObjectMapper();
        ObjectNode options = mapper.createObjectNode();
        options.putObject("agent").put("name", "agent.example.org");
        return options;
    }

    @ParameterizedTest
    @MethodSource("domains")
    void draft_saysWhatDnsSays(MailDomain domain) throws Exception {
        AgentConfiguration configuration = read(domain, options());
        assertThat(configuration.domains()).hasSize(1);
        assertThat(configuration.domains().get(0).mailDomain()).isEqualTo(domain);
        assertThat(configuration.agent().name()).isEqualTo("agent.example.org");
    }

    @Test
    void draft_keepsWhoWasAsked() throws Exception {
        ObjectNode options = options();
        ObjectNode dns = options.putObject("dns");
        dns.putArray("resolvers").add("127.0.0.1:2053");
        dns.put("authoritativePort", 2053);
        dns.putArray("publicNetworks").add("127.0.0.0/8");
        AgentConfiguration configuration = read(domains().findFirst().orElseThrow(), options);
        assertThat(configuration.dns()).isEqualTo(sections(options).dns());
    }

    @Test
    void options_standInPlaceOfTheFile() throws Exception {
        Path file = directory.resolve("config.yml");
        Files.writeString(file, "agent:\n  name: a.example.org\ndns:\n  authoritativePort: 5353\n");
        ObjectNode options = bootstrap.getObjectMapper().createObjectNode();
        options.putObject("dns").putArray("resolvers").add("192.0.2.53");
        options.putObject("agent");
        AgentConfiguration configuration = ConfigurationFile.read(bootstrap, file.toString(), options);
        assertThat(configuration.dns().resolvers()).hasToString("[192.0.2.53]");
        assertThat(configuration.dns().authoritativePort()).isEqualTo(5353);
        assertThat(configuration.agent().name()).isEqualTo("a.example.org");
    }
}
