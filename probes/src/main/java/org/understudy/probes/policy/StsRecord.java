package org.understudy.probes.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The TXT record by which a domain says that it has an MTA-STS policy (RFC 8461 section 3.1).
 *
 * @param id changes when the policy does; empty if the record is not valid
 * @param objection what is wrong with the record, or empty
 */
record StsRecord(String id, String objection) {
    private static final String VERSION = "v=STSv1";
    /** Others at the name are not meant. */
    private static final Pattern BEGINNING = Pattern.compile("v=STSv1[ \\t]*;.*", Pattern.DOTALL);

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
    /** Visible characters without {@code =} and {@code ;}. */
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x3A\\x3C\\x3E-\\x7E]+");

    /** Those of the texts at the name that claim to be such a record; senders go by it only if it is one. */
    static List<String> among(List<String> texts) {
        return texts.stream().filter(t -> BEGINNING.matcher(t).matches()).toList();
    }

    /** Reads one; never throws. */
    static StsRecord parse(String text) {
        Optional<String> id = Optional.empty();
        boolean first = true;
        String[] fields = text.split("[ \\t]*;[ \\t]*", -1);
        for (int i = 0; i < fields.length; i++) {
            String field = fields[i];
            if (first) {
                if (!field.equals(VERSION)) {
                    return invalid("does not begin with " + VERSION);
                }
                first = false;
                continue;
            }
            if (field.isEmpty() && i == fields.length - 1) {
                continue;
            }
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            String value = equals < 0 ? "" : field.substring(equals + 1);
            if (name.equals("id")) {
                if (!ID.matcher(value).matches()) {
                    return invalid("has the id \"" + value + "\", which is not of 1 to 32 letters and digits");
                }
                // The first one counts, as it does in the policy.
                id = id.or(() -> Optional.of(value));
            } else if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                return invalid("has the part \"" + field + "\", which is no name=value");
            }
        }
        return id.map(i -> new StsRecord(i, "")).orElseGet(() -> invalid("has no id"));
    }

    private static StsRecord invalid(String objection) {
        return new StsRecord("", objection);
    }

    boolean isValid() {
        return objection.isEmpty();
    }
}
