package org.understudy.agent.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * Mail at its end: one directory, per message the content in {@code <id>.eml} and the envelope in {@code <id>.json}. The
 * envelope gets its name last, so a message is there with both or not at all. Thread-safe.
 */
final class MessageDirectory implements MessageIntake {
    private static final Logger LOG = LoggerFactory.getLogger(MessageDirectory.class);
    private static final String CONTENT = ".eml";
    private static final String ENVELOPE = ".json";
    private static final int RADIX = 36;
    private static final int ID_LENGTH = 13;
    private static final int IDS_PER_MILLISECOND = 1000;

    private final Path directory;
    private final Clock clock;
    private final BiConsumer<StoredMessage, Path> afterStoring;
    private final NavigableSet<String> ids = new ConcurrentSkipListSet<>();
    private final AtomicLong lastId = new AtomicLong();

    private MessageDirectory(Path directory, Clock clock, BiConsumer<StoredMessage, Path> afterStoring) {
        this.directory = directory;
        this.clock = clock;
        this.afterStoring = afterStoring;
    }

    /**
     * Opens the directory, removing what a killed process left half written and all but the newest messages.
     *
     * @param afterStoring called with each message that has become durable and the file of its content, before its sender
     *     is told
     */
    static MessageDirectory open(Path path, int keep, Clock clock, BiConsumer<StoredMessage, Path> afterStoring) {
        MessageDirectory messages = new MessageDirectory(LabFiles.directory(path), clock, afterStoring);
        try {
            messages.load(keep);
        } catch (IOException e) {
            throw new LabException("The lab's mail in " + path + " cannot be read: " + e.getMessage() + ".", e);
        }
        return messages;
    }

    private void load(int keep) throws IOException {
        List<Path> others = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(ENVELOPE) && QueueId.isValid(stem(name, ENVELOPE))) {
                    ids.add(stem(name, ENVELOPE));
                } else if (name.endsWith(CONTENT) || name.endsWith(LabFiles.TEMPORARY)) {
                    others.add(file);
                }
            }
        }
        for (Path file : others) {
            String name = file.getFileName().toString();
            if (!name.endsWith(CONTENT) || !ids.contains(stem(name, CONTENT))) {
                Files.deleteIfExists(file);
            }
        }
        if (!ids.isEmpty()) {
            lastId.set(Long.parseLong(ids.last(), RADIX));
        }
        for (Iterator<String> oldest = ids.iterator(); ids.size() > keep && oldest.hasNext(); ) {
            delete(oldest.next());
        }
    }

    private void delete(String id) throws IOException {
        Files.deleteIfExists(file(id, ENVELOPE));
        Files.deleteIfExists(file(id, CONTENT));
        ids.remove(id);
    }

    private static String stem(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private Path file(String id, String suffix) {
        return directory.resolve(id + suffix);
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        // Ids grow even if the clock does not, also over a restart.
        long id = lastId.accumulateAndGet(clock.millis() * IDS_PER_MILLISECOND, (last, now) -> Math.max(last + 1, now));
        String text = Long.toString(id, RADIX).toUpperCase(Locale.ROOT);
        String padded = "0".repeat(ID_LENGTH - text.length()) + text;
        return new LabDraft(new QueueId(padded), file(padded, CONTENT), envelope, origin, message -> settle(message));
    }

    private void settle(StoredMessage message) throws IOException {
        LabFiles.publish(file(message.id(), CONTENT));
        LabFiles.replace(file(message.id(), ENVELOPE), LabFiles.JSON.writeValueAsBytes(message));
        ids.add(message.id());
        try {
            afterStoring.accept(message, file(message.id(), CONTENT));
        } catch (RuntimeException e) {
            // The message is durable: nothing that fails now may take the 250 back.
            LOG.warn("message {} is stored, but not shown: {}", message.id(), e.toString());
        }
    }

    int count() {
        return ids.size();
    }

    /** Messages that sort after an id, oldest first. */
    List<StoredMessage> page(String after, int limit) {
        List<StoredMessage> page = new ArrayList<>();
        for (String id : ids.tailSet(after, false)) {
            if (page.size() == limit) {
                break;
            }
            find(id).ifPresent(page::add);
        }
        return page;
    }

    /** The newest messages, newest first. */
    Iterable<String> newestFirst() {
        return ids.descendingSet();
    }

    Optional<StoredMessage> find(String id) {
        if (!ids.contains(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LabFiles.JSON.readValue(Files.readAllBytes(file(id, ENVELOPE)), StoredMessage.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("the envelope of message {} cannot be read: {}", id, e.toString());
            return Optional.empty();
        }
    }

    /** The file of the content; empty if there is no such message. */
    Optional<Path> content(String id) {
        return ids.contains(id) ? Optional.of(file(id, CONTENT)) : Optional.empty();
    }
}
