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
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpIntent;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/** What the operator may declare, and the sentence for what makes no sense. */
class DomainSectionTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());

    private static MailDomain read(String yaml) throws JsonProcessingException {
        return YAML.readValue(yaml.replace('|', '\n'), DomainSection.class).mailDomain();
    }

    @Test
    void intent_isStandard_unlessDeclared() throws JsonProcessingException {
        MailDomain domain = read("name: example.org|tiers: [[{host: mx1.example.org, role: primary}]]");
        assertThat(domain.intent().mail()).isTrue();
        assertThat(domain.intent().noBackup()).isFalse();
        assertThat(domain.intent().activeActive()).isFalse();
        assertThat(domain.intent().recoveryObjective()).isEqualTo(Duration.ofDays(1));
        assertThat(domain.intent().subdomains()).isEmpty();
        assertThat(domain.intent().smtp()).isEqualTo(SmtpIntent.STANDARD);
    }

    @Test
    void intentOfAnswers_isDeclared() throws JsonProcessingException {
        SmtpIntent intent = read("name: example.org|catchAll: false|defersWhilePrimaryUp: true"
                        + "|holdsUnknownRecipients: true|backupTakesSubmission: true|validRecipients: [jo@Example.org]"
                        + "|tiers: [[{host: mx1.example.org, role: primary}]]"
                        + "|canary: {recipient: canary@example.org, imap: {host: a, user: b, password: c}}")
                .intent()
                .smtp();
        assertThat(intent.catchAll()).contains(false);
        assertThat(intent.defersWhilePrimaryUp()).isTrue();
        assertThat(intent.holdsUnknownRecipients()).isTrue();
        assertThat(intent.takesSubmission()).isTrue();
        assertThat(intent.validRecipients())
                .containsExactly(new Mailbox("canary", "example.org"), new Mailbox("jo", "Example.org"));
    }

    @Test
    void intent_isDeclared() throws JsonProcessingException {
        MailDomain domain = read("name: example.org|noBackup: true|activeActive: true|recoveryObjective: 2h"
                + "|subdomains: [Lists.example.org]"
                + "|tiers: [[{host: mx0.example.org, role: tarpit}], [{host: mx1.example.org, role: gateway}]]");
        assertThat(domain.intent().noBackup()).isTrue();
        assertThat(domain.intent().activeActive()).isTrue();
        assertThat(domain.intent().recoveryObjective()).isEqualTo(Duration.ofHours(2));
        assertThat(domain.intent().subdomains()).containsExactly(new DomainName("lists.example.org"));
        assertThat(domain.exchangers()).extracting(e -> e.role()).containsExactly(Role.TARPIT, Role.GATEWAY);
    }

    @Test
    void noMail_needsNoTiers() throws JsonProcessingException {
        assertThat(read("name: example.org|mail: false").exchangers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "name: example.org;example.org has no tiers: name its exchangers, or write mail: false",
                "name: example.org|mail: false|tiers: [[{host: a.example.org, role: primary}]];takes no mail (mail: false), and yet has tiers",
                "name: example.org|noBackup: true|tiers: [[{host: a.example.org, role: backup}]];and yet a.example.org is declared as one",
                "name: example.org|tiers: [[{host: a.example.org, role: primary}]]|canary: {recipient: c@example.org, contentSamples: true, imap: {host: a, user: b, password: c}};example.org has no backup that canary.contentSamples could be handed to",
                "name: example.org|recoveryObjective: 0s|tiers: [[{host: a.example.org, role: primary}]];recoveryObjective of example.org must be longer than nothing",
                "name: example.org|validRecipients: [jo]|tiers: [[{host: a.example.org, role: primary}]];validRecipients of example.org \"jo\"",
                "name: example.org|validRecipients: [jo@example.net]|tiers: [[{host: a.example.org, role: primary}]];jo@example.net is of another domain",
                "name: example.org|subdomains: [a b]|tiers: [[{host: a.example.org, role: primary}]];not a domain name: \"a b\""
            })
    void contradiction_isOneSentence(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml)).cause().hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource({"publicNetworks", "independentNetworks"})
    void network_thatIsNone_isOneSentence(String key) {
        assertThatThrownBy(() -> YAML.readValue(key + ": [10.0.0.0/33]", DnsSection.class))
                .cause()
                .hasMessage("The prefix of 10.0.0.0 is 33, it must be 0 to 32");
    }

    @Test
    void trustAnchors_areRead(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("root.key");
        String anchor = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n";
        Files.writeString(file, anchor);
        assertThat(YAML.readValue("trustAnchorFile: " + file, DnsSection.class)
                        .settings()
                        .trustAnchors())
                .isEqualTo(anchor);
    }

    @ParameterizedTest
    @CsvSource({"missing, cannot be read: it does not exist", "empty, cannot be used: it has no DS and no DNSKEY record"
    })
    void trustAnchors_thatAreNone_areOneSentence(String name, String why, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("empty"), "");
        DnsSection section = YAML.readValue("trustAnchorFile: " + directory.resolve(name), DnsSection.class);
        assertThatThrownBy(section::settings)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("trustAnchorFile: " + directory.resolve(name) + " " + why);
    }
}
