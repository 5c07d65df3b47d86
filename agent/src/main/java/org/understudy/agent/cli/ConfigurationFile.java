package org.understudy.agent.cli;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.understudy.agent.AgentConfiguration;

/** The configuration file, for commands that are given it as an option. Stateless. */
final class ConfigurationFile {
    private ConfigurationFile() {}

    static AgentConfiguration read(Bootstrap<?> bootstrap, String file) throws IOException, ConfigurationException {
        if (!Files.isReadable(Path.of(file))) {
            throw new StartupException(
                    "The configuration file " + file + " cannot be read: name one with --config.", null);
        }
        // As the server does it: this one knows that an unknown key is an error.
        return new DefaultConfigurationFactoryFactory<AgentConfiguration>()
                .create(
                        AgentConfiguration.class,
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                .build(bootstrap.getConfigurationSourceProvider(), file);
    }
}
