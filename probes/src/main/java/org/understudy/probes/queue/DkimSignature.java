package org.understudy.probes.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One DKIM-Signature field, as far as its end matters. Immutable.
 *
 * @param domain that signed ({@code d=}), in lower case
 * @param expiry after which it is not valid ({@code x=}); empty if it does not say
 */
record DkimSignature(String domain, Optional<Instant> expiry) {
    private static final String FIELD = "dkim-signature:";
    private static final Pattern FOLD = Pattern.compile("\\r?\\n(?=[ \\t])");
    /** RFC 6376 section 3.5: as many digits as any time that matters. */
    private static final Pattern TIME = Pattern.compile("\\d{1,12}");
    /** A message with more of them wants to be a burden. */
    private static final int MOST = 20;

    /** RFC 1035 section 2.3.4. */
    private static final int LONGEST_NAME = 253;

    /** The signatures of a header section; what is no signature is left out. */
    static List<DkimSignature> in(String header) {
        List<DkimSignature> signatures = new ArrayList<>();
        for (String field : FOLD.matcher(header).replaceAll("").split("\\r?\\n", -1)) {
            if (signatures.size() < MOST && field.regionMatches(true, 0, FIELD, 0, FIELD.length())) {
                parse(field.substring(FIELD.length())).ifPresent(signatures::add);
            }
        }
        return signatures;
    }

    private static Optional<DkimSignature> parse(String value) {
        String domain = "";
        Optional<Instant> expiry = Optional.empty();
        for (String tag : value.split(";", -1)) {
            // White space is allowed around names and within both values (RFC 6376 section 3.2).
            String[] pair = tag.replaceAll("\\s+", "").split("=", 2);
            if (pair.length == 2 && pair[0].equals("d")) {
                domain = name(pair[1]);
            } else if (pair.length == 2
                    && pair[0].equals("x")
                    && TIME.matcher(pair[1]).matches()) {
                expiry = Optional.of(Instant.ofEpochSecond(Long.parseLong(pair[1])));
            }
        }
        return domain.isEmpty() ? Optional.empty() : Optional.of(new DkimSignature(domain, expiry));
    }

    /** Whoever wrote it may have written anything, and people will read it. */
    private static String name(String value) {
        String clean = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "?");
        return clean.substring(0, Math.min(LONGEST_NAME, clean.length()));
    }
}
