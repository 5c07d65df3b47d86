package org.understudy.spool.retention;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.operations.Durable;

/**
 * Up to which message something was done, in a small file, so that it is done once for each. It only rises; the few messages
 * below it that could not be had at that moment are named. Not thread-safe.
 *
 * <p>The first line is the newest message, or {@code -}; below it are those that are left over.
 */
final class HighWaterMark {
    private static final String NONE = "-";

    private final Path file;
    private Optional<QueueId> position;
    private Set<QueueId> left;

    private HighWaterMark(Path file, Optional<QueueId> position, Set<QueueId> left) {
        this.file = file;
        this.position = position;
        this.left = left;
    }

    /**
     * Reads it; at the beginning of all messages if there is no file.
     *
     * @throws SpoolException if the file is there and cannot be understood: to begin anew would undo what operators ordered
     */
    static HighWaterMark open(Path file) {
        if (!Files.exists(file)) {
            return new HighWaterMark(file, Optional.empty(), Set.of());
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty()) {
                throw new IOException("it is empty");
            }
            Optional<QueueId> position =
                    Optional.of(lines.get(0)).filter(line -> !line.equals(NONE)).map(QueueId::new);
            Set<QueueId> left = lines.stream().skip(1).map(QueueId::new).collect(Collectors.toSet());
            return new HighWaterMark(file, position, left);
        } catch (IOException | IllegalArgumentException e) {
            throw new SpoolException(
                    "Which mail has expired once cannot be read from " + file + " (" + e.getMessage()
                            + "): mend the file, or delete it, which lets mail expire again that was released.",
                    e);
        }
    }

    /** The newest message that was looked at. */
    Optional<QueueId> position() {
        return position;
    }

    /** Older ones that were not to be had. */
    Set<QueueId> left() {
        return left;
    }

    /**
     * Rises; durable when it returns.
     *
     * @param to not below the position
     * @param others replace those that are left over
     * @throws SpoolException if it cannot be written; then nothing has changed
     */
    void rise(Optional<QueueId> to, Collection<QueueId> others) {
        Set<QueueId> leftNow = Set.copyOf(others);
        if (to.equals(position) && leftNow.equals(left)) {
            return;
        }
        if (position.isPresent() && (to.isEmpty() || to.get().compareTo(position.get()) < 0)) {
            throw new IllegalArgumentException("the mark would fall from " + position + " to " + to);
        }
        StringBuilder text = new StringBuilder(to.map(QueueId::text).orElse(NONE)).append('\n');
        new TreeSet<>(leftNow).forEach(id -> text.append(id).append('\n'));
        try {
            Durable.write(file, text.toString());
        } catch (IOException e) {
            throw new SpoolException(file + " cannot be written: " + e.getMessage(), e);
        }
        position = to;
        left = leftNow;
    }
}
