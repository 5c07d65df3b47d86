package org.understudy.agent.audit;

import java.util.stream.Collectors;

/** Text of servers that nobody knows, made fit to be printed. Stateless. */
final class VisibleText {

    private VisibleText() {}

    /** Without control characters, which could order a terminal about; line ends stay. */
    static String of(String text) {
        return text.replace("\r\n", "\n")
                .replace('\t', ' ')
                .chars()
                .mapToObj(c ->
                        c == '\n' || !Character.isISOControl(c) ? Character.toString(c) : String.format("\\x%02x", c))
                .collect(Collectors.joining());
    }

    /** The same in one line. */
    static String line(String text) {
        return of(text).replace("\n", " ");
    }

    /** The same with each line indented. */
    static String indented(String text, String margin) {
        return of(text).stripTrailing().lines().map(line -> margin + line).collect(Collectors.joining("\n"));
    }
}
