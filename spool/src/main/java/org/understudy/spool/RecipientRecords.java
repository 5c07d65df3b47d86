package org.understudy.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.understudy.smtp.DomainName;
import org.understudy.spool.LearnedRecipient.Testimony;
import org.understudy.spool.recipients.storage.RecipientStore;

/**
 * What a spool has learned of recipients, from outside: beside a running process, which takes changes over within seconds, as
 * well as when none runs. Confined to one thread.
 */
public final class RecipientRecords implements AutoCloseable {
    private static final String FILE = "recipients.db";

    private final RecipientStore store;

    private RecipientRecords(RecipientStore store) {
        this.store = store;
    }

    /**
     * Opens what was learned.
     *
     * @throws SpoolException if there is nothing, or it cannot be read, in one sentence for an operator
     */
    public static RecipientRecords open(Path spoolDirectory) {
        return new RecipientRecords(RecipientStore.look(spoolDirectory.resolve(FILE)));
    }

    /**
     * The same, or begins it.
     *
     * @throws SpoolException if there is no spool, or it cannot be written
     */
    public static RecipientRecords openOrBegin(Path spoolDirectory) {
        if (!Files.isDirectory(spoolDirectory)) {
            throw new SpoolException("The spool directory " + spoolDirectory
                    + " does not exist: name another, or start the agent once, which makes it.");
        }
        Path file = spoolDirectory.resolve(FILE);
        return new RecipientRecords(Files.exists(file) ? RecipientStore.look(file) : RecipientStore.open(file));
    }

    /** Everything, by domain and address. */
    public List<LearnedRecipient> all() {
        return store.load();
    }

    /** Lets addresses be known from that time on, whatever was known of them before. */
    public void add(List<LearnedRecipient> recipients) {
        store.write(recipients, List.of(), Map.of());
    }

    /** An address that is known because somebody says so. */
    public static LearnedRecipient known(String localPart, DomainName domain, Instant since, String words) {
        return LearnedRecipient.taken(localPart, domain, new Testimony(since, words));
    }

    /**
     * Forgets what was learned of addresses, in any case.
     *
     * @return how many of them there were
     */
    public int forget(List<LearnedRecipient> recipients) {
        Set<String> there = new HashSet<>();
        all().forEach(recipient -> there.add(RecipientStore.key(recipient)));
        List<String> keys = new ArrayList<>(
                recipients.stream().map(RecipientStore::key).distinct().toList());
        keys.retainAll(there);
        store.write(List.of(), keys, Map.of());
        return keys.size();
    }

    @Override
    public void close() {
        store.close();
    }
}
