package org.understudy.probes.queue;

import java.util.stream.Collectors;

/** Words of others, fit to be shown. */
public final class Words {
    private static final int LONGEST = 300;

    private Words() {}

    /** The beginning of a text, without what is not meant to be seen. */
    public static String brief(String text) {
        String shown = text.codePoints()
                .limit(LONGEST)
                .mapToObj(c -> Character.isISOControl(c) ? " " : Character.toString(c))
                .collect(Collectors.joining())
                .strip();
        return text.codePointCount(0, text.length()) > LONGEST ? shown + "..." : shown;
    }
}
