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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
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
    private final NavigableSet<String> arriving = new TreeSet<>();
    private long lastId;

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

    private synchronized void load(int keep) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        ids.addAll(stems(files, ENVELOPE));
        ids.retainAll(stems(files, CONTENT));
        for (Path file : files) {
            String name = file.getFileName().toString();
            String id = name.substring(0, Math.max(0, name.indexOf('.')));
            if (isId(id) && (name.endsWith(LabFiles.TEMPORARY) || !ids.contains(id))) {
                Files.deleteIfExists(file);
            }
        }
        if (!ids.isEmpty()) {
            lastId = Long.parseLong(ids.last(), RADIX);
        }
        for (Iterator<String> oldest = ids.iterator(); ids.size() > keep && oldest.hasNext(); ) {
            delete(oldest.next());
        }
    }

    /** True for the ids made here, which begin with 0 for thousands of years. */
    private static boolean isId(String text) {
        return text.length() == ID_LENGTH && text.startsWith("0") && QueueId.isValid(text);
    }

    private static Set<String> stems(List<Path> files, String suffix) {
        return files.stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(suffix))
                .map(name -> name.substring(0, name.length() - suffix.length()))
                .filter(MessageDirectory::isId)
                .collect(Collectors.toSet());
    }

    private void delete(String id) throws IOException {
        Files.deleteIfExists(file(id, ENVELOPE));
        Files.deleteIfExists(file(id, CONTENT));
        ids.remove(id);
    }

    private Path file(String id, String suffix) {
        return directory.resolve(id + suffix);
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        String id = nextId();
        return new LabDraft(new QueueId(id), file(id, CONTENT), envelope, origin, this);
    }

    private synchronized String nextId() {
        // Ids grow even if the clock does not, also over a restart.
        lastId = Math.max(lastId + 1, clock.millis() * IDS_PER_MILLISECOND);
        String text = Long.toString(lastId, RADIX).toUpperCase(Locale.ROOT);
        String id = "0".repeat(ID_LENGTH - text.length()) + text;
        arriving.add(id);
        return id;
    }

    /** Gives a message its place, whose content is synced under its temporary name. */
    void settle(StoredMessage message) throws IOException {
        LabFiles.publish(file(message.id(), CONTENT));
        LabFiles.replace(file(message.id(), ENVELOPE), LabFiles.JSON.writeValueAsBytes(message));
        synchronized (this) {
            ids.add(message.id());
            arriving.remove(message.id());
        }
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

    /** Says that nothing more will come of a draft. */
    synchronized void abandon(QueueId id) {
        arriving.remove(id.text());
    }

    /**
     * Messages that sort after an id, oldest first. Those that sort behind one still arriving wait for it, so that whoever
     * pages on from the last id misses none.
     */
    List<StoredMessage> page(String after, int limit) {
        return idsAfter(after, limit).stream().flatMap(id -> find(id).stream()).toList();
    }

    private synchronized List<String> idsAfter(String after, int limit) {
        NavigableSet<String> complete = arriving.isEmpty() ? ids : ids.headSet(arriving.first(), false);
        return complete.stream()
                .filter(id -> id.compareTo(after) > 0)
                .limit(limit)
                .toList();
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
