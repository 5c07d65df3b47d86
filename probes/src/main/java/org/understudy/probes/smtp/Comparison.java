package org.understudy.probes.smtp;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The sessions with the primaries and gateways of a domain, and those with one backup, side by side. There is at least one on either
 * side. Immutable.
 */
record Comparison(List<AddressAnswers> entrances, List<AddressAnswers> backups) {
    Comparison {
        entrances = List.copyOf(entrances);
        backups = List.copyOf(backups);
    }

    /** What each session says of something, for people. */
    Map<String, String> row(Function<AddressAnswers, String> cell) {
        Map<String, String> row = new LinkedHashMap<>();
        entrances.forEach(a -> row.put(a.endpoint().toString(), cell.apply(a)));
        backups.forEach(a -> row.put(a.endpoint().toString(), cell.apply(a)));
        return row;
    }

    /** True if some backup is so, and not every primary. */
    boolean onlyBackup(Predicate<AddressAnswers> property) {
        return backups.stream().anyMatch(property) && !entrances.stream().allMatch(property);
    }

    /** True if every primary is so, and not every backup. */
    boolean onlyPrimary(Predicate<AddressAnswers> property) {
        return entrances.stream().allMatch(property) && !backups.stream().allMatch(property);
    }

    /** The subjects of a topic that both sides were asked about. */
    Set<String> subjects(Topic topic) {
        Set<String> common = new LinkedHashSet<>(subjects(entrances, topic));
        common.retainAll(subjects(backups, topic));
        return common;
    }

    private static Set<String> subjects(List<AddressAnswers> side, Topic topic) {
        Set<String> subjects = new LinkedHashSet<>();
        side.forEach(a -> a.all(topic).forEach(asked -> subjects.add(asked.subject())));
        return subjects;
    }

    /** True if every primary that was asked answers so, and at least one was. */
    boolean everyPrimary(Topic topic, Predicate<Asked> test) {
        List<Asked> asked =
                entrances.stream().flatMap(a -> a.all(topic).stream()).toList();
        return !asked.isEmpty() && asked.stream().allMatch(test);
    }

    /** True if a backup that was asked answers so. */
    boolean someBackup(Topic topic, Predicate<Asked> test) {
        return backups.stream().anyMatch(a -> a.any(topic, test));
    }

    /** What both sides answered, for people. */
    Map<String, String> replies(Topic topic, Predicate<Asked> about) {
        Map<String, String> replies = new LinkedHashMap<>();
        for (List<AddressAnswers> side : List.of(entrances, backups)) {
            side.forEach(address -> address.all(topic).stream()
                    .filter(about)
                    .forEach(a -> replies.put(
                            address.endpoint() + " " + topic.label() + " " + a.subject(),
                            a.reply().toString())));
        }
        return replies;
    }
}
