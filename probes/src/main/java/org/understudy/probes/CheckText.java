package org.understudy.probes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code docs/checks.md} says of one check. The document is the only place where that is written: what an alert says and
 * what its link leads to are the same words.
 *
 * @param title a few words for a headline
 * @param impact what it does to mail
 * @param instruction what to do about it
 * @param source the standard or observation behind it
 */
record CheckText(String title, String impact, String instruction, String source) {
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\S+)$(.*?)(?=^##? |\\z)");
    private static final Pattern TITLE = Pattern.compile("(?m)^\\*\\*(.+)\\*\\* — \\w+$");
    private static final Map<String, CheckText> TEXTS = texts();

    /**
     * The text of one check.
     *
     * @throws IllegalStateException if the document lacks the section, or a part of it: the jar is built wrong
     */
    static CheckText of(String id) {
        CheckText text = TEXTS.get(id);
        if (text == null) {
            throw new IllegalStateException("checks.md has no section " + id);
        }
        return text;
    }

    private static CheckText read(String id, String section) {
        return new CheckText(
                part(id, section, TITLE),
                part(id, section, item("What it does to mail")),
                part(id, section, item("What to do")),
                part(id, section, item("Source")));
    }

    private static Pattern item(String label) {
        return Pattern.compile("(?m)^\\* \\*\\*" + Pattern.quote(label) + ":\\*\\* (.+)$");
    }

    private static String part(String id, String section, Pattern pattern) {
        Matcher found = pattern.matcher(section);
        if (!found.find()) {
            throw new IllegalStateException("checks.md: the section " + id + " has nothing like " + pattern);
        }
        return found.group(1);
    }

    private static Map<String, CheckText> texts() {
        try (InputStream document = Objects.requireNonNull(
                CheckText.class.getResourceAsStream("checks.md"), "checks.md is not in the jar")) {
            String text = new String(document.readAllBytes(), StandardCharsets.UTF_8);
            return SECTION.matcher(text)
                    .results()
                    .collect(Collectors.toMap(s -> s.group(1), s -> read(s.group(1), s.group(2))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
