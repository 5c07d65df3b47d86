package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.QueueAges;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.UnitState;

/** Messages for those who only look, beside a running store or on a stopped one. Confined to one thread. */
public final class ReadOnlyStore implements AutoCloseable {
    private final ReadOnlyIndex index;
    private final StoredMessages messages;

    private ReadOnlyStore(ReadOnlyIndex index, StoredMessages messages) {
        this.index = index;
        this.messages = messages;
    }

    /**
     * Opens a spool to read it.
     *
     * @throws SpoolException if there is no spool, or its index cannot be read
     */
    public static ReadOnlyStore open(Path root) {
        StoreDirectory directory = StoreDirectory.look(root);
        try {
            ReadOnlyIndex index = ReadOnlyIndex.open(directory.index());
            return new ReadOnlyStore(index, new StoredMessages(directory, index.reader()));
        } catch (NoSuchFileException e) {
            throw new SpoolException(
                    "The spool directory " + root + " has no index: start the agent once, which makes it.", e);
        } catch (IOException | SQLException e) {
            throw new SpoolException(
                    "The spool index " + directory.index() + " cannot be read (" + e.getMessage()
                            + "): look at it with 'spool verify'.",
                    e);
        }
    }

    /**
     * Ids of messages that have a unit in one of the states, oldest first.
     *
     * @param domain of the recipient; empty for any
     * @param after only ids behind this one, to page through
     */
    public List<QueueId> ids(Optional<DomainName> domain, List<UnitState> states, Optional<QueueId> after, int limit) {
        return index.reader().ids(domain, states, after, limit);
    }

    /** How old the queue of each domain is. */
    public QueueAges ages(List<Duration> limits, Instant now) {
        return index.reader().ages(limits, now);
    }

    /** The message with all its units; empty if it is not in the spool. */
    public Optional<FoundMessage> find(QueueId id) {
        Optional<IndexReader.Row> row = index.reader().find(id);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        long size = row.get().location().size();
        try (StoredMessages.Envelopes envelopes = messages.new Envelopes()) {
            return Optional.of(new FoundMessage(id, size, Optional.of(envelopes.message(row.get())), ""));
        } catch (IOException | IndexOutOfBoundsException e) {
            return messages.locate(id).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new FoundMessage(id, size, Optional.empty(), String.valueOf(e.getMessage())));
        }
    }

    /** The content, checked against its checksum while it is read; opening fails if the message is gone. */
    public MessageContent content(QueueId id) throws IOException {
        return new StoredContent(
                messages,
                id,
                messages.locate(id).orElseThrow(() -> new NoSuchFileException(id.text(), null, "not in the spool")));
    }

    /**
     * Looks whether what was read can be believed.
     *
     * @throws SpoolException if not, because a store was started meanwhile
     */
    public void requireUndisturbed() {
        index.requireUndisturbed();
    }

    @Override
    public void close() {
        index.close();
    }
}
