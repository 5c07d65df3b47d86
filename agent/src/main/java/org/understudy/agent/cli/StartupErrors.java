package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationValidationException;
import jakarta.validation.ConstraintViolation;
import java.io.FileNotFoundException;
import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.config.InvalidConfigurationException;
import org.understudy.agent.lab.LabException;
import org.understudy.spool.SpoolException;

/** Turns what stopped the start into sentences for the person who started it. */
final class StartupErrors {

    /** Keys further away than this from the one written are no help. */
    private static final int SUGGESTION_DISTANCE = 4;

    private StartupErrors() {}

    /** One sentence per error, each naming what, where and what to do. */
    static List<String> explain(Throwable error, String file) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof ConfigurationParsingException parsing) {
                return List.of(parsing(parsing, file));
            }
            if (e instanceof ConfigurationValidationException validation) {
                return validation(validation, file);
            }
            if (e instanceof ConfigurationException) {
                return List.of(oneLine(e.getMessage()));
            }
            if (e instanceof InvalidConfigurationException) {
                return List.of(file + ": " + e.getMessage());
            }
            if (e instanceof SpoolException || e instanceof LabException || e instanceof StartupException) {
                return List.of(oneLine(e.getMessage()));
            }
            if (e instanceof FileNotFoundException || e instanceof NoSuchFileException) {
                return List.of("The configuration file " + oneLine(e.getMessage())
                        + " cannot be read. Name one: understudy server FILE.");
            }
            if (e instanceof IllegalArgumentException) {
                // A value that passed as text and is refused by the part that it is for.
                return List.of(file + ": " + oneLine(e.getMessage()) + ".");
            }
            if (e instanceof BindException) {
                return List.of(bind(error));
            }
        }
        return List.of(oneLine(error.getClass().getSimpleName() + ": " + error.getMessage()));
    }

    private static String parsing(ConfigurationParsingException e, String file) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            String known = suggestion(unknown);
            return at(file, path(unknown)) + ": unknown key \"" + unknown.getPropertyName() + "\" in "
                    + place(path(unknown)) + "." + known;
        }
        if (e.getCause() instanceof JsonMappingException mapping) {
            return at(file, path(mapping)) + ": " + String.join(".", path(mapping)) + ": " + oneLine(reason(mapping));
        }
        return oneLine(e.getMessage());
    }

    /** What the value's own class says, without Jackson's words around it. */
    private static @Nullable String reason(JsonMappingException mapping) {
        return mapping.getCause() instanceof IllegalArgumentException refused
                ? refused.getMessage()
                : mapping.getOriginalMessage();
    }

    private static String suggestion(UnrecognizedPropertyException unknown) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        List<String> known = unknown.getKnownPropertyIds().stream()
                .map(Object::toString)
                .sorted()
                .toList();
        return known.stream()
                .filter(key -> distance.apply(key, unknown.getPropertyName()) <= SUGGESTION_DISTANCE)
                .min(Comparator.comparing(key -> distance.apply(key, unknown.getPropertyName())))
                .map(key -> " Did you mean \"" + key + "\"?")
                .orElse(" Known keys: " + String.join(", ", known) + ".");
    }

    private static List<String> validation(ConfigurationValidationException e, String file) {
        List<String> sentences = new ArrayList<>();
        for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
            String path = violation.getPropertyPath().toString();
            List<String> steps = Arrays.stream(path.split("[.\\[\\]]+"))
                    .filter(step -> !step.isEmpty() && !step.startsWith("<"))
                    .collect(Collectors.toList());
            sentences.add(at(file, steps) + ": " + path + " " + violation.getMessage() + ".");
        }
        sentences.sort(Comparator.naturalOrder());
        return sentences;
    }

    private static List<String> path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .toList();
    }

    private static String place(List<String> path) {
        return path.size() <= 1 ? "the top level" : String.join(".", path.subList(0, path.size() - 1));
    }

    private static String at(String file, List<String> path) {
        OptionalInt line = YamlLocator.line(Path.of(file), path);
        return line.isPresent() ? file + ", line " + line.getAsInt() : file;
    }

    private static String bind(Throwable error) {
        String where = oneLine(error.getMessage())
                .replaceAll("[A-Za-z.]*Exception:|Failed to bind to|/", "")
                .strip();
        return "The HTTP address " + where
                + " cannot be used: another program listens there, or it is not of this machine."
                + " Change server.applicationConnectors or server.adminConnectors.";
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
