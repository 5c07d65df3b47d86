package org.understudy.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads secrets that are given either as a value or as the name of a file. */
final class Secrets {

    private Secrets() {}

    /**
     * The secret itself.
     *
     * @param key for the error message, for example {@code alerts.slack.webhookUrl}; the file's key is the same with
     *     {@code File} behind it
     */
    static String resolve(String key, String value, String file) {
        if (!value.isEmpty() && !file.isEmpty()) {
            throw new InvalidConfigurationException(key + " and " + key + "File are both given: keep one of them.");
        }
        if (!value.isEmpty()) {
            return value;
        }
        if (file.isEmpty()) {
            throw new InvalidConfigurationException(
                    key + " is missing: give it, or " + key + "File, or take it from the environment with ${NAME}.");
        }
        return firstLine(key, Path.of(file));
    }

    private static String firstLine(String key, Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || lines.get(0).isBlank()) {
                throw new InvalidConfigurationException(
                        key + "File: " + file + " is empty; its first line must be the secret.");
            }
            return lines.get(0).strip();
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    key + "File: " + file + " cannot be read (" + FileTrouble.describe(e) + ").", e);
        }
    }
}
