package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.Duration;
import org.junit.jupiter.api.Test;

class ProbesSectionTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());

    private static ProbesSection read(String yaml) throws JsonProcessingException {
        return YAML.readValue(yaml, ProbesSection.class);
    }

    @Test
    void samples_leaveOnceAWeek_orAsOftenAsOnceADay() throws JsonProcessingException {
        assertThat(read("threads: 3").content()).isEqualTo(Duration.days(7));
        assertThat(read("content: 24h").content()).isEqualTo(Duration.hours(24));
        assertThatThrownBy(() -> read("content: 12h"))
                .cause()
                .hasMessage(
                        "probes.content: 12 hours is too often: samples are sent once a day at most, write 1d or more");
    }

    @Test
    void ownAddress_thatIsNone_isOneSentence() throws JsonProcessingException {
        assertThat(YAML.readValue("publicAddresses: [192.0.2.1, '2001:db8::1']", AgentSection.class)
                        .addresses())
                .hasSize(2);
        assertThatThrownBy(() -> YAML.readValue("publicAddresses: [agent.example.net]", AgentSection.class))
                .cause()
                .hasMessage("agent.publicAddresses: \"agent.example.net\" is no address: write it as 192.0.2.1 or"
                        + " 2001:db8::1");
    }
}
