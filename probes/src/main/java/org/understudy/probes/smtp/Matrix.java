package org.understudy.probes.smtp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.understudy.probes.ResultBuilder;

/** What exchangers offer and answer, a line for each thing and a cell for each session: the facts of a result. */
final class Matrix {
    private static final List<String> EXTENSIONS = List.of(
            "8BITMIME",
            "SMTPUTF8",
            "CHUNKING",
            "BINARYMIME",
            "DSN",
            "REQUIRETLS",
            "DELIVERBY",
            "MT-PRIORITY",
            "AUTH",
            "ETRN",
            "LIMITS");
    private static final List<Topic> TOPICS = List.of(
            Topic.KNOWN,
            Topic.UNKNOWN,
            Topic.NULL_SENDER,
            Topic.POSTMASTER,
            Topic.BARE_POSTMASTER,
            Topic.ABUSE,
            Topic.FORM,
            Topic.HELO,
            Topic.VRFY_KNOWN,
            Topic.EXPN,
            Topic.ETRN,
            Topic.RELAY,
            Topic.RELAY_BY_LOCAL_PART);

    private Matrix() {}

    static void describe(ResultBuilder result, Comparison comparison) {
        Map<String, Function<AddressAnswers, String>> rows = new LinkedHashMap<>();
        rows.put("SIZE", a -> SizeLimit.text(a.size()));
        EXTENSIONS.forEach(extension -> rows.put(extension, a -> offered(a, extension)));
        for (Topic topic : TOPICS) {
            if (topic == Topic.UNKNOWN || topic == Topic.VRFY_KNOWN) {
                rows.put(topic.label(), a -> code(a, topic, Optional.empty()));
            } else {
                comparison
                        .subjects(topic)
                        .forEach(subject ->
                                rows.put(topic.label() + " " + subject, a -> code(a, topic, Optional.of(subject))));
            }
        }
        rows.forEach((label, cell) -> result.fact(
                label,
                comparison.row(cell).entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining("; "))));
    }

    private static String offered(AddressAnswers address, String extension) {
        return address.offered()
                .parameters(extension)
                .map(parameters -> parameters.isEmpty() ? "yes" : parameters)
                .orElse("no");
    }

    private static String code(AddressAnswers address, Topic topic, Optional<String> subject) {
        return address.all(topic).stream()
                .filter(a -> subject.isEmpty() || a.subject().equals(subject.get()))
                .findFirst()
                .map(a -> Integer.toString(a.reply().code()))
                .orElse("not asked");
    }
}
