package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.QueueCommand;

/** A program that lists the queue of a mail server. */
public record QueueCommandSection(
        @JsonPropertyDescription(
                "The program and its arguments, as [ssh, mx2.example.org, postqueue, -j]; no shell sees them."
                        + " Default: postqueue -j for postfix, exim -bp for exim; haraka has none.")
        List<String> command) {
    private static final String HARAKA_LIST = "--qlist";

    public QueueCommandSection(@Nullable List<String> command) {
        this.command = command == null ? List.of() : List.copyOf(command);
        if (!this.command.isEmpty() && this.command.get(0).isBlank()) {
            throw new IllegalArgumentException("command: its first word is the program, and it is empty");
        }
        this.command.stream()
                .filter(word -> word.indexOf('\0') >= 0)
                .findFirst()
                .ifPresent(word -> {
                    throw new IllegalArgumentException(
                            "command: a word with the octet 0 in it cannot be given to a program");
                });
    }

    /** @throws InvalidConfigurationException if it cannot be, in one sentence */
    QueueCommand settings(String key, QueueCommand.Server server, Duration limit) {
        return new QueueCommand(server, command.isEmpty() ? standard(key, server) : command, limit);
    }

    private static List<String> standard(String key, QueueCommand.Server server) {
        return switch (server) {
            case POSTFIX -> List.of("postqueue", "-j");
            case EXIM -> List.of("exim", "-bp");
            case HARAKA ->
                throw new InvalidConfigurationException(key + ".command is missing: Haraka lists the queue of one"
                        + " configuration, write it as [haraka, -c, /etc/haraka, " + HARAKA_LIST + "]");
        };
    }
}
