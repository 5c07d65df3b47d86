package org.understudy.probes.queue.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what stands in one line of Prometheus' text format. Confined to one thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
final class MetricText {
    private static final char END = '\0';

    private final String text;
    private int at;

    MetricText(String text) {
        this.text = text;
    }

    /** The text is not what was looked for; the message is a predicate of it. */
    static final class Unlike extends Exception {
        private static final long serialVersionUID = 1;

        Unlike(String what) {
            super(what);
        }
    }

    /** The next character that is no blank, or the end. */
    char peek() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : END;
    }

    String name() throws Unlike {
        peek();
        int begin = at;
        while (at < text.length() && isNamePart(text.charAt(at), at > begin)) {
            at++;
        }
        if (at == begin) {
            throw new Unlike("it has no name at character " + (begin + 1));
        }
        return text.substring(begin, at);
    }

    private static boolean isNamePart(char c, boolean behindFirst) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == ':'
                || (behindFirst && c >= '0' && c <= '9');
    }

    /** Labels in braces. */
    Map<String, String> labels() throws Unlike {
        Map<String, String> labels = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            String name = name();
            expect('=');
            labels.put(name, value());
            if (peek() != '}') {
                expect(',');
            }
        }
        expect('}');
        return labels;
    }

    private void expect(char c) throws Unlike {
        if (peek() != c) {
            throw new Unlike("it has no " + c + " at character " + (at + 1));
        }
        at++;
    }

    private String value() throws Unlike {
        expect('"');
        StringBuilder value = new StringBuilder();
        for (; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
                value.append(text.charAt(at) == 'n' ? '\n' : text.charAt(at));
            } else {
                value.append(text.charAt(at));
            }
        }
        if (at == text.length()) {
            throw new Unlike("a value has no end");
        }
        at++;
        return value.toString();
    }

    /** The number of a sample; what stands behind it, its time or an exemplar, does not count. */
    double number() throws Unlike {
        peek();
        int begin = at;
        while (at < text.length() && text.charAt(at) != ' ' && text.charAt(at) != '\t') {
            at++;
        }
        String number = text.substring(begin, at);
        try {
            return switch (number) {
                case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                case "NaN" -> Double.NaN;
                default -> Double.parseDouble(number);
            };
        } catch (NumberFormatException e) {
            throw new Unlike("it has no number at character " + (begin + 1));
        }
    }

    void end() throws Unlike {
        if (peek() != END) {
            throw new Unlike("there is more at character " + (at + 1));
        }
    }
}
