package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.common.net.InetAddresses;
import io.dropwizard.jackson.Jackson;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.ControlHost;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

class SessionsSectionTest {
    private static final Duration EVERY = Duration.ofMinutes(15);
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());

    private static SessionsSection read(String yaml) throws JsonProcessingException {
        return YAML.readValue(yaml.replace('|', '\n'), SessionsSection.class);
    }

    @Test
    void standard_isPolite_andAsksInOurName() {
        SmtpProbeSettings settings = SessionsSection.STANDARD.settings("agent.example.net", EVERY);
        assertThat(settings.client().ehloName()).isEqualTo("agent.example.net");
        assertThat(settings.sender()).hasToString("<postmaster@agent.example.net>");
        assertThat(settings.sessionsPerServer()).isEqualTo(2);
        assertThat(settings.relayTestRecipient()).isEmpty();
        assertThat(settings.heloQuestions()).isFalse();
        assertThat(settings.lineEndQuestions()).isFalse();
        assertThat(settings.controls()).isEmpty();
        assertThat(SessionsSection.STANDARD.isTolerant(InetAddresses.forString("192.0.2.1")))
                .isFalse();
    }

    @Test
    void tolerantServers_areNamedByNetwork() throws JsonProcessingException {
        SessionsSection section = read("tolerantNetworks: [192.0.2.0/24, '2001:db8::1']");
        assertThat(section.isTolerant(InetAddresses.forString("192.0.2.99"))).isTrue();
        assertThat(section.isTolerant(InetAddresses.forString("2001:db8::1"))).isTrue();
        assertThat(section.isTolerant(InetAddresses.forString("2001:db8::2"))).isFalse();
    }

    @Test
    void everything_canBeSet() throws JsonProcessingException {
        SmtpProbeSettings settings = read("ehloName: probe.example.net|sender: <>|perServer: 1|connectTimeout: 3s"
                        + "|replyTimeout: 20s|relayTestRecipient: relay@example.net|heloQuestions: true"
                        + "|lineEndQuestions: true|controlHosts: [mx.example.com, 'mx.example.org:2525']")
                .settings("agent.example.net", EVERY);
        assertThat(settings.client().ehloName()).isEqualTo("probe.example.net");
        assertThat(settings.client().timeouts().connect()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.client().timeouts().rcpt()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.sender().isNull()).isTrue();
        assertThat(settings.relayTestRecipient()).contains(new Mailbox("relay", "example.net"));
        assertThat(settings.controls())
                .containsExactly(
                        new ControlHost(new DomainName("mx.example.com"), 25),
                        new ControlHost(new DomainName("mx.example.org"), 2525));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sender: jo;probes.sessions.sender \"jo\"",
                "relayTestRecipient: '@';probes.sessions.relayTestRecipient \"@\"",
                "connectTimeout: 0s;must be longer than nothing",
                "controlHosts: [a_b c];not a domain name",
                "tolerantNetworks: [mx.example.org];\"mx.example.org\" is not a network"
            })
    void whatMakesNoSense_isOneSentence(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml)).cause().hasMessageContaining(sentence);
    }
}
