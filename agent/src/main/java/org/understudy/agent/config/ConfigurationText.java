package org.understudy.agent.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The configuration file as it was read.
 *
 * @param text before anything was put in the place of variables
 */
public record ConfigurationText(Path file, String text) {
    private static final Pattern SECRET = Pattern.compile(
            "(?m)^[^#\n]*\\b(?:password|webhookUrl|url|authorization):\\s*[\"']?(?!\\$\\{)[^\\s#\"',}]");

    /** True if a secret stands in the file itself, and not in the environment or in a file of its own. */
    public boolean holdsSecrets() {
        return SECRET.matcher(text).find();
    }

    /** Without the text. */
    @Override
    public String toString() {
        return file.toString();
    }
}
