package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentSubstitutionTest {

    private static String substitute(String text) throws IOException {
        Map<String, String> environment = Map.of("SECRET", "s3$\\cret");
        return new String(
                        new EnvironmentSubstitution(
                                        path -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                                        environment::get)
                                .open("config.yml")
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .strip();
    }

    @Test
    void variable_isReplaced_whateverItsCharacters() throws IOException {
        assertThat(substitute("a: ${SECRET}\nb: x${SECRET}y")).isEqualTo("a: s3$\\cret\nb: xs3$\\crety");
    }

    @Test
    void default_isUsedWhereNothingIsSet() throws IOException {
        assertThat(substitute("a: ${OTHER:-fall back}")).isEqualTo("a: fall back");
    }

    @Test
    void commentedLine_needsNothing() throws IOException {
        assertThat(substitute("  # a: ${OTHER}")).isEqualTo("# a: ${OTHER}");
    }

    @Test
    void notSet_namesLineAndVariable_notTheOthersValues() {
        assertThatThrownBy(() -> substitute("a: ${SECRET}\nb: ${OTHER}"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("OTHER")
                .hasMessageNotContaining("s3");
    }
}
