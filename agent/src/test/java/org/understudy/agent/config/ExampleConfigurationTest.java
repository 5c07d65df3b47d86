package org.understudy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.agent.lab.LabSection;

/** The shipped config.yml is the documentation of every key: it names each of them, in use or in a comment. */
class ExampleConfigurationTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                AgentSection.class,
                DnsSection.class,
                DomainSection.class,
                ExchangerSection.class,
                CanarySection.class,
                QueueSection.class,
                QueueCommandSection.class,
                QueuePageSection.class,
                ImapSection.class,
                ProbesSection.class,
                SessionsSection.class,
                PolicySection.class,
                SpoolSection.class,
                RelaySection.class,
                RecipientsSection.class,
                TlsSection.class,
                AlertsSection.class,
                SlackSection.class,
                EmailSection.class,
                HeartbeatSection.class,
                LabSection.class
            })
    void example_namesEveryKey(Class<? extends Record> section) throws IOException {
        String example = Files.readString(Path.of("..", "config.yml"));
        List<String> missing = Arrays.stream(section.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(key -> !example.matches("(?s).*\\b" + key + "\\b.*"))
                .toList();
        assertThat(missing).isEmpty();
    }

    @org.junit.jupiter.api.Test
    void example_topLevel_isComplete() throws IOException {
        JsonNode example = new YAMLMapper().readTree(Path.of("..", "config.yml").toFile());
        TreeSet<String> keys = new TreeSet<>();
        example.fieldNames().forEachRemaining(keys::add);
        assertThat(keys).contains("agent", "dns", "domains", "probes", "spool", "alerts", "lab", "server", "logging");
    }
}
