package org.understudy.alerts.slack;

/** Makes text from anywhere safe to be shown by Slack, within its limits. */
final class SlackText {
    private static final String ELLIPSIS = "…";

    private SlackText() {}

    /**
     * Escapes the three characters that Slack gives a meaning, so that {@code <!channel>} is only text, and breaks up
     * words that would wake everybody.
     *
     * @param limit of the result in UTF-16 units; a longer one is cut and ends with an ellipsis
     */
    static String escape(String raw, int limit) {
        String text = raw.replaceAll("@(?=(?i:here|channel|everyone)\\b)", "@\u200b");
        StringBuilder escaped = new StringBuilder();
        int fits = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            escaped.append(entity(text.codePointAt(i)));
            if (escaped.length() <= limit - ELLIPSIS.length()) {
                fits = escaped.length();
            }
            if (escaped.length() > limit) {
                escaped.setLength(fits);
                return escaped.append(ELLIPSIS).toString();
            }
        }
        return escaped.toString();
    }

    private static String entity(int codePoint) {
        return switch (codePoint) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(codePoint);
        };
    }

    /** As code: one line between back-ticks, several between fences. */
    static String code(String raw, int limit) {
        // A back-tick within would end the code, and let the rest be formatted.
        String text = raw.strip().replace('`', '\'').replace("\r\n", "\n");
        if (text.isEmpty()) {
            return "-";
        }
        if (text.indexOf('\n') < 0) {
            return "`" + escape(text, limit - 2) + "`";
        }
        return "```\n" + escape(text, limit - 8) + "\n```";
    }
}
