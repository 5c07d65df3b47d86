package org.understudy.interop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arguments of the form {@code --name value}. Immutable. */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads the arguments of a process.
     *
     * @throws IllegalArgumentException if there is one that is not known, or without its value
     */
    public static Options parse(String[] arguments, List<String> known) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!known.contains(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "\"" + arguments[i] + "\" is not known or lacks its value; there are --"
                                + String.join(" VALUE, --", known) + " VALUE");
            }
            values.put(name, arguments[i + 1]);
        }
        return new Options(values);
    }

    public long number(String name, long otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}
