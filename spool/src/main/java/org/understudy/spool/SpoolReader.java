package org.understudy.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.operations.AuditLog;
import org.understudy.spool.operations.Controls;
import org.understudy.spool.storage.ReadOnlyStore;

/**
 * Reads the messages of a spool without using it: beside a running process as well as when none runs. Confined to one thread.
 */
public final class SpoolReader implements AutoCloseable {
    private final ReadOnlyStore store;

    private SpoolReader(ReadOnlyStore store) {
        this.store = store;
    }

    /**
     * Opens a spool to read it.
     *
     * @throws SpoolException if there is no spool, or it cannot be read, in one sentence for an operator
     */
    public static SpoolReader open(Path directory) {
        return new SpoolReader(ReadOnlyStore.open(directory));
    }

    /**
     * Ids of messages that have a unit in one of the states, oldest first.
     *
     * @param domain of that unit's recipient; empty for any
     * @param after only ids behind this one, to page through
     */
    public List<QueueId> ids(Optional<DomainName> domain, List<UnitState> states, Optional<QueueId> after, int limit) {
        return store.ids(domain, states, after, limit);
    }

    /** How old the queue of each domain is. */
    public QueueAges ages(List<Duration> limits, Instant now) {
        return store.ages(limits, now);
    }

    /**
     * The newest entries of a spool's audit log, oldest first.
     *
     * @throws SpoolException if it cannot be read
     */
    public static List<AuditEntry> audit(Path directory, int most) {
        return AuditLog.read(directory.resolve(AuditLog.FILE), most);
    }

    /**
     * What operators have ordered for domains of a spool.
     *
     * @throws SpoolException if it cannot be read
     */
    public static Collection<DomainControl> controls(Path directory) {
        return Controls.open(directory.resolve(Controls.FILE)).all();
    }

    /** The message with all its units; empty if it is not in the spool, or not any more. */
    public Optional<FoundMessage> find(QueueId id) {
        return store.find(id);
    }

    /**
     * The content, our trace field included. Its stream fails before its end if what was read is not what was stored.
     *
     * @throws IOException if the message is not in the spool any more
     */
    public MessageContent content(QueueId id) throws IOException {
        return store.content(id);
    }

    /**
     * Looks whether what was read can be believed.
     *
     * @throws SpoolException if not, because a process began to use the spool meanwhile
     */
    public void requireUndisturbed() {
        store.requireUndisturbed();
    }

    @Override
    public void close() {
        store.close();
    }
}
