package org.understudy.spool;

/**
 * Names one stored message for ever: in logs, in the trace field, in the reply to the final dot.
 *
 * <p>Immutable. Later ids sort after earlier ones.
 *
 * @param text 6 to 32 characters of {@code 0-9A-Z}
 */
public record QueueId(String text) implements Comparable<QueueId> {
    private static final int SHORTEST = 6;
    private static final int LONGEST = 32;

    public QueueId {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a queue id: \"" + text + "\"");
        }
    }

    /** True if a text has the form of a queue id. */
    public static boolean isValid(String text) {
        boolean valid = text.length() >= SHORTEST && text.length() <= LONGEST;
        for (int i = 0; valid && i < text.length(); i++) {
            char c = text.charAt(i);
            valid = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        }
        return valid;
    }

    @Override
    public int compareTo(QueueId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
