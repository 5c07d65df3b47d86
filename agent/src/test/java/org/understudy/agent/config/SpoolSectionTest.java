package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.Network;
import org.understudy.spool.FilterSettings;

/** What the operator may say about the spool, and the sentence for what makes no sense. */
class SpoolSectionTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());

    private static SpoolSection read(String yaml) throws JsonProcessingException {
        return YAML.readValue(yaml.replace('|', '\n'), SpoolSection.class);
    }

    @Test
    void retention_isFourteenDays_unlessSaid() throws JsonProcessingException {
        assertThat(read("enabled: true").retentionSettings().limit()).isEqualTo(Duration.ofDays(14));
        assertThat(read("retention: 1h").retentionSettings().limit()).isEqualTo(Duration.ofHours(1));
        assertThat(read("retention: 31d").retentionSettings().limit()).isEqualTo(Duration.ofDays(31));
    }

    @ParameterizedTest
    @ValueSource(strings = {"59m", "32d", "0s"})
    void retention_outOfBounds_isOneSentence(String retention) throws JsonProcessingException {
        SpoolSection section = read("retention: " + retention);
        assertThatThrownBy(section::retentionSettings)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("spool.retention: ")
                .hasMessageContaining("between 1h and 31d");
    }

    @Test
    void filtering_isOff_unlessSaid() throws JsonProcessingException {
        assertThat(read("enabled: true").filtering()).isEmpty();
        FilterSettings filter = read("filtering: {rspamd: 'http://127.0.0.1:11333', exempt: [192.0.2.0/24]}")
                .filtering()
                .orElseThrow()
                .settings();
        assertThat(filter.rspamd()).contains(URI.create("http://127.0.0.1:11333"));
        assertThat(filter.exempt()).containsExactly(Network.parse("192.0.2.0/24"));
        assertThat(filter.time()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "rspamd, localhost",
        "rspamd, ftp://127.0.0.1",
        "rspamd, http://127.0.0.1:11333/checkv2",
        "rspamd, http://u:p@127.0.0.1",
        "time, 0s",
        "time, 11m"
    })
    void filtering_thatMakesNoSense_isOneSentence(String key, String value) throws JsonProcessingException {
        FilteringSection section =
                read("filtering: {" + key + ": '" + value + "'}").filtering().orElseThrow();
        assertThatThrownBy(section::settings)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("spool.filtering." + key + ": ")
                .hasMessageNotContaining("u:p");
    }
}
