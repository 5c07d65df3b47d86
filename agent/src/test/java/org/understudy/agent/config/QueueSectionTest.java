package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.QueueScope;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/** How queues of other servers are configured, and the sentence for what makes no sense. */
class QueueSectionTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());
    private static final String DOMAIN = "name: example.org|tiers: [[{host: mx1.example.org, role: primary}],"
            + " [{host: mx2.example.org, role: backup}, {host: mx3.example.org, role: backup}]]|";

    private static DomainSection read(String yaml) throws JsonProcessingException {
        return YAML.readValue((DOMAIN + yaml).replace('|', '\n'), DomainSection.class);
    }

    private static void make(DomainSection domain) {
        domain.queues().forEach(queue -> queue.source(domain.queueScope(queue, Optional::empty), Clock.systemUTC()));
    }

    @Test
    void queue_hasDefaults() throws JsonProcessingException {
        DomainSection domain = read("queues: [{host: mx2.example.org, postfix: {}}]");
        QueueSection queue = domain.queues().get(0);
        assertThat(queue.limit()).isEqualTo(Duration.ofSeconds(30));
        assertThat(queue.retention()).isEmpty();
        make(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exim: {}",
                "exim: {command: [mailq]}",
                "postfix: {command: [ssh, mx2.example.org, postqueue, -j]}",
                "haraka: {command: [haraka, -c, /etc/haraka, --qlist]}",
                "prometheus: {page: 'http://mx2.example.org:9154/metrics', count: 'queue{state=\"deferred\"}', oldestAge: age}",
                "json: {page: 'https://mx2.example.org/q?x=1', count: /queue/0, bytes: /octets, oldestTime: /oldest, overdue: /due}"
            })
    void eachSource_isTaken(String source) throws JsonProcessingException {
        make(read("queues: [{host: mx2.example.org, retention: 5d, timeLimit: 10s, " + source + "}]"));
    }

    @Test
    void scope_isTheDomains_withItsCanaries() throws JsonProcessingException {
        DomainSection domain = read("canary: {recipient: canary@example.org, sender: probe@example.org,"
                + " imap: {host: a, user: b, password: c}}|queues: [{host: MX2.example.org, retention: 2h, exim: {}}]");
        QueueScope scope = domain.queueScope(domain.queues().get(0), Optional::empty);
        assertThat(scope.domain()).isEqualTo(new DomainName("example.org"));
        assertThat(scope.canaries())
                .containsExactly(new Mailbox("canary", "example.org"), new Mailbox("probe", "example.org"));
        assertThat(scope.retention()).contains(Duration.ofHours(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{host: mx2.example.org}; the queue of mx2.example.org has no source: give one of postfix, exim, haraka",
                "{host: mx2.example.org, exim: {}, postfix: {}}; the queue of mx2.example.org has more than one source",
                "{host: mx2.example.org, exim: {}, retention: 0s}; the retention of the queue of mx2.example.org must be longer",
                "{host: mx2.example.org, exim: {command: ['']}}; command: its first word is the program, and it is empty",
                "{host: mx2.example.org, json: {page: 'http://a/', count: /a, oldestAge: /b, oldestTime: /c}}; oldestAge and oldestTime are both given",
            })
    void contradiction_isOneSentence(String queue, String sentence) {
        assertThatThrownBy(() -> read("queues: [" + queue + "]")).rootCause().hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[{host: mx4.example.org, exim: {}}]; 'queues of example.org: mx4.example.org is no exchanger in tiers; there"
                        + " are [mx1.example.org, mx2.example.org, mx3.example.org]'",
                "[{host: mx2.example.org, exim: {}}, {host: MX2.example.org., postfix: {}}]; queues of example.org: mx2.example.org"
                        + " is named twice: take one of the two out"
            })
    void host_isAnExchanger_andNamedOnce(String queues, String sentence) {
        assertThatThrownBy(() -> read("queues: " + queues)).rootCause().hasMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "timeLimit: 6m, exim: {}; domains.queues.timeLimit: 6 minutes is not between 1s and 5m.",
                "haraka: {}; domains.queues.haraka.command is missing",
                "json: {page: 'ftp://mx2.example.org/', count: /a}; domains.queues.json.page is no address of a page: write it as",
                "json: {page: 'http://jo:s3cret@mx2.example.org/', count: /a}; and a login in authorization.",
                "json: {page: 'http://mx2.example.org/ s3cret', count: /a}; domains.queues.json.page is no address of a page",
                "json: {page: 'http://mx2.example.org/', count: a}; domains.queues.json.count: \"a\" is no JSON pointer",
                "prometheus: {page: 'http://mx2.example.org/', count: a, bytes: sum(b)}; domains.queues.prometheus.bytes: \"sum(b)\" is no metric",
                "prometheus: {page: 'http://mx2.example.org/', count: a, authorization: s3cret, authorizationFile: x}; authorization and",
                "prometheus: {page: 'http://mx2.example.org/', count: a, authorization: \"s3cret\\nx: y\"}; control characters"
            })
    void whatCannotBeUsed_isOneSentence_withoutSecrets(String source, String sentence) throws JsonProcessingException {
        DomainSection domain = read("queues: [{host: mx2.example.org, " + source + "}]");
        assertThatThrownBy(() -> make(domain))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void authorizationFile_isRead_andLookedAfter(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("login");
        DomainSection domain =
                read("queues: [{host: mx2.example.org, json: {page: 'http://mx2.example.org/', count: /a,"
                        + " authorizationFile: " + file + "}}]");
        assertThat(domain.secretFiles()).containsExactly(file.toString());
        assertThatThrownBy(() -> make(domain))
                .hasMessage("domains.queues.json.authorizationFile: " + file + " cannot be read (it does not exist).");
        Files.writeString(file, "Bearer s3cret\n");
        make(domain);
    }
}
