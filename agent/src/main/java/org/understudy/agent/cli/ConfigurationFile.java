package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.understudy.agent.AgentConfiguration;

/** The configuration file, for commands that are given it as an option. Stateless. */
final class ConfigurationFile {
    private ConfigurationFile() {}

    static AgentConfiguration read(Bootstrap<?> bootstrap, String file) throws IOException, ConfigurationException {
        return read(bootstrap, file, bootstrap.getObjectMapper().createObjectNode());
    }

    /**
     * The same with some keys as the command's options have them.
     *
     * @param options sections and keys that stand in place of those of the file
     */
    static AgentConfiguration read(Bootstrap<?> bootstrap, String file, ObjectNode options)
            throws IOException, ConfigurationException {
        if (!Files.isReadable(Path.of(file))) {
            throw new StartupException(
                    "The configuration file " + file + " cannot be read: name one with --config.", null);
        }
        ConfigurationSourceProvider files = bootstrap.getConfigurationSourceProvider();
        // As the server does it: this one knows that an unknown key is an error.
        return new DefaultConfigurationFactoryFactory<AgentConfiguration>()
                .create(
                        AgentConfiguration.class,
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                .build(path -> merged(files.open(path), options), file);
    }

    private static InputStream merged(InputStream text, ObjectNode options) throws IOException {
        byte[] octets;
        try (text) {
            octets = text.readAllBytes();
        }
        boolean said = false;
        for (JsonNode section : options) {
            said |= !section.isEmpty();
        }
        if (!said) {
            return new ByteArrayInputStream(octets);
        }
        YAMLMapper yaml = new YAMLMapper();
        return yaml.readTree(octets) instanceof ObjectNode tree
                ? new ByteArrayInputStream(yaml.writeValueAsBytes(merge(tree, options)))
                : new ByteArrayInputStream(octets);
    }

    private static ObjectNode merge(ObjectNode tree, ObjectNode options) {
        options.properties().forEach(entry -> {
            if (tree.get(entry.getKey()) instanceof ObjectNode section && entry.getValue() instanceof ObjectNode keys) {
                section.setAll(keys);
            } else if (!entry.getValue().isEmpty()) {
                tree.set(entry.getKey(), entry.getValue());
            }
        });
        return tree;
    }
}
