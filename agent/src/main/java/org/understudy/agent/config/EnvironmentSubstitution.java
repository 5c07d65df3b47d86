package org.understudy.agent.config;

import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of environment variables in place of <code>${NAME}</code> and <code>${NAME:-default}</code>, except in
 * comment lines: a line that was commented out needs no secret any more.
 */
public final class EnvironmentSubstitution implements ConfigurationSourceProvider {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final ConfigurationSourceProvider files;
    private final Function<String, @Nullable String> environment;
    private volatile Optional<ConfigurationText> read = Optional.empty();

    /**
     * @param files where the text comes from
     * @param environment the value of a variable, or null
     */
    public EnvironmentSubstitution(ConfigurationSourceProvider files, Function<String, @Nullable String> environment) {
        this.files = files;
        this.environment = environment;
    }

    /** @throws InvalidConfigurationException if a variable is not set and has no default */
    @Override
    public InputStream open(String path) throws IOException {
        String text;
        try (InputStream in = files.open(path)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        read = Optional.of(new ConfigurationText(Path.of(path), text));
        StringBuilder out = new StringBuilder();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            out.append(line.stripLeading().startsWith("#") ? line : substitute(line, number))
                    .append('\n');
        }
        return new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What was read last. */
    public Optional<ConfigurationText> read() {
        return read;
    }

    private String substitute(String line, int number) {
        Matcher matcher = VARIABLE.matcher(line);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = environment.apply(matcher.group(1));
            if (value == null) {
                value = matcher.group(2);
            }
            if (value == null) {
                throw new InvalidConfigurationException("line " + number + ": the environment variable "
                        + matcher.group(1) + " is not set: set it, or put the value or a file in its place.");
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }
}
