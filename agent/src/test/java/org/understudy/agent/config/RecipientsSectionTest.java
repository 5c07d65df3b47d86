package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Network;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.UnknownRecipients;
import org.understudy.spool.WhilePrimaryUp;

/** What may be said about the recipients of a domain, and the sentence for what makes no sense. */
class RecipientsSectionTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory());

    private static RecipientSettings read(String yaml) throws JsonProcessingException {
        return YAML.readValue(yaml, RecipientsSection.class).settings();
    }

    @Test
    void empty_isTheDefault() throws JsonProcessingException {
        assertThat(read("{}")).isEqualTo(RecipientSettings.standard());
    }

    @Test
    void everything_isRead() throws JsonProcessingException {
        RecipientSettings settings = read("""
                {listFile: /etc/recipients, complete: true, callout: false, unknown: DEFER, whilePrimaryUp: defer,
                alwaysOpenTo: [192.0.2.0/24], knownFor: 10d, refusedFor: 1h}""");
        assertThat(settings.list()).contains(Path.of("/etc/recipients"));
        assertThat(settings.complete()).isTrue();
        assertThat(settings.callout()).isFalse();
        assertThat(settings.unknown()).isEqualTo(UnknownRecipients.DEFER);
        assertThat(settings.whilePrimaryUp()).isEqualTo(WhilePrimaryUp.DEFER);
        assertThat(settings.alwaysOpenTo()).containsExactly(Network.parse("192.0.2.0/24"));
        assertThat(settings.knownFor()).isEqualTo(Duration.ofDays(10));
        assertThat(settings.refusedFor()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{complete: true}; give listFile",
                "{callout: false, unknown: DEFER}; nobody would ever be known",
                "{alwaysOpenTo: [192.0.2.0/24]}; whilePrimaryUp: DEFER",
                "{whilePrimaryUp: DEFER, alwaysOpenTo: [192.0.2]}; is not a network",
                "{refusedFor: 4d}; at most 3d",
                "{knownFor: 0s}; longer than nothing"
            })
    void nonsense_isExplained(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml)).hasMessageContaining(sentence);
    }
}
