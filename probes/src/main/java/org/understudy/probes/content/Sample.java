package org.understudy.probes.content;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Kinds of content that are compared, those first that the others rely on. */
enum Sample {
    /** What a server does not take of this, it does not take of anything. */
    PLAIN(true),
    HTML(true),
    EIGHT_BIT(true),
    ZIP(true),
    PDF(true),
    LIST(true),
    LARGE(true),
    /** The test message of spam filters. */
    GTUBE(false),
    /** The test file of virus scanners. */
    EICAR(false);

    private final boolean benign;

    Sample(boolean benign) {
        this.benign = benign;
    }

    /** True if every server should take it. */
    boolean isBenign() {
        return benign;
    }

    static List<Sample> all() {
        return Arrays.asList(values());
    }

    /** For people: {@code eight bit}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
