package org.understudy.spool.recipients;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.LearnedRecipient.Standing;
import org.understudy.spool.LearnedRecipient.Testimony;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.SpoolException;
import org.understudy.spool.recipients.storage.RecipientStore;

/**
 * What next hops have said of recipients, all of it in memory, so that nobody waits for the disk. Bounded; {@link #flush} brings
 * to the disk what has changed, and takes over what other processes wrote there. Thread-safe, but flush and close are for one
 * thread.
 */
final class LearnedRecipients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LearnedRecipients.class);
    private static final int MOST_TAKEN = 100_000;
    private static final int MOST_REFUSED = 20_000;
    /** Being taken once more is news only after a while. */
    private static final Duration RENEWED = Duration.ofHours(1);
    /** Between two refusals of an address that was known (the second is believed). */
    private static final Duration BETWEEN_REFUSALS = Duration.ofHours(1);

    private static final Duration FORGOTTEN = Duration.ofDays(62);

    private final Path file;
    private final Clock clock;
    private final Map<String, LearnedRecipient> entries = new ConcurrentHashMap<>();
    private final Map<DomainName, CatchAll> catchAlls = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private final Set<DomainName> changedDomains = ConcurrentHashMap.newKeySet();
    private @Nullable RecipientStore store;
    private String trouble = "";

    LearnedRecipients(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        reopen();
    }

    Optional<LearnedRecipient> find(ForwardPath recipient) {
        return recipient
                .domainName()
                .flatMap(d -> Optional.ofNullable(entries.get(RecipientStore.key(recipient.localPart(), d))));
    }

    void taken(ForwardPath recipient, DomainName domain, String words) {
        Instant now = clock.instant();
        String key = RecipientStore.key(recipient.localPart(), domain);
        LearnedRecipient fresh = LearnedRecipient.taken(recipient.localPart(), domain, new Testimony(now, words));
        LearnedRecipient result = entries.compute(key, (k, old) -> old != null && isStillNews(old, now) ? old : fresh);
        if (result.equals(fresh)) {
            changed.add(key);
        }
    }

    private static boolean isStillNews(LearnedRecipient old, Instant now) {
        return old.refused().isEmpty()
                && old.doubtedSince().isEmpty()
                && old.taken().filter(t -> now.isBefore(t.at().plus(RENEWED))).isPresent();
    }

    /** Learns a refusal; one of an address that is known counts only when it is heard again an hour later. */
    void refused(ForwardPath recipient, DomainName domain, String words, RecipientSettings settings) {
        Instant now = clock.instant();
        String key = RecipientStore.key(recipient.localPart(), domain);
        entries.compute(key, (k, old) -> {
            Testimony said = new Testimony(now, words);
            if (old == null || old.standing(now, settings.knownFor(), settings.refusedFor()) != Standing.KNOWN) {
                return new LearnedRecipient(
                        recipient.localPart(),
                        domain,
                        old == null ? Optional.empty() : old.taken(),
                        Optional.of(said),
                        Optional.empty());
            }
            if (!old.localPart().equals(recipient.localPart())) {
                // Another spelling is not known to be the same mailbox.
                return old;
            }
            Instant first = old.doubtedSince().orElse(now);
            return now.isBefore(first.plus(BETWEEN_REFUSALS)) ? old.withDoubtSince(first) : old.withRefused(said);
        });
        changed.add(key);
    }

    Optional<CatchAll> catchAll(DomainName domain) {
        return Optional.ofNullable(catchAlls.get(domain));
    }

    void catchAll(DomainName domain, boolean takesAll) {
        CatchAll before = catchAlls.put(domain, new CatchAll(takesAll, clock.instant()));
        changedDomains.add(domain);
        if (takesAll && (before == null || !before.takesAll())) {
            LOG.info("the next hop of {} takes any recipient: asking it for one proves nothing", domain);
        }
    }

    long count(Standing standing, Map<DomainName, RecipientSettings> settings) {
        Instant now = clock.instant();
        return entries.values().stream()
                .filter(e -> Optional.ofNullable(settings.get(e.domain()))
                        .filter(s -> e.standing(now, s.knownFor(), s.refusedFor()) == standing)
                        .isPresent())
                .count();
    }

    /** Brings what has changed to the disk; what cannot be written stays in memory and is tried again. */
    void flush() {
        RecipientStore open = store;
        if (open == null) {
            reopen();
            return;
        }
        shrink();
        List<String> keys = new ArrayList<>(changed);
        List<DomainName> domains = new ArrayList<>(changedDomains);
        changed.removeAll(keys);
        domains.forEach(changedDomains::remove);
        try {
            write(open, keys, domains);
            if (open.changedByOthers()) {
                takeOver(open.load());
            }
        } catch (SpoolException e) {
            changed.addAll(keys);
            changedDomains.addAll(domains);
            complain(e);
            open.close();
            store = null;
        }
    }

    private void write(RecipientStore open, List<String> keys, List<DomainName> domains) {
        if (keys.isEmpty() && domains.isEmpty()) {
            return;
        }
        List<LearnedRecipient> written = new ArrayList<>();
        List<String> forgotten = new ArrayList<>();
        for (String key : keys) {
            Optional.ofNullable(entries.get(key)).ifPresentOrElse(written::add, () -> forgotten.add(key));
        }
        Map<DomainName, CatchAll> found = new HashMap<>();
        domains.forEach(d -> catchAll(d).ifPresent(c -> found.put(d, c)));
        open.write(written, forgotten, found);
    }

    /** Somebody else has written: what he forgot is forgotten, what he knows is known. */
    private void takeOver(List<LearnedRecipient> stored) {
        Map<String, LearnedRecipient> byKey = new HashMap<>();
        stored.forEach(recipient -> byKey.put(RecipientStore.key(recipient), recipient));
        entries.keySet().removeIf(key -> !byKey.containsKey(key) && !changed.contains(key));
        byKey.forEach((key, recipient) -> {
            if (!changed.contains(key)) {
                entries.put(key, recipient);
            }
        });
    }

    private void reopen() {
        try {
            RecipientStore opened = RecipientStore.open(file);
            store = opened;
            trouble = "";
            opened.load().forEach(r -> entries.putIfAbsent(RecipientStore.key(r), r));
            opened.catchAlls().forEach(catchAlls::putIfAbsent);
            changed.addAll(entries.keySet());
            changedDomains.addAll(catchAlls.keySet());
        } catch (SpoolException e) {
            complain(e);
        }
    }

    private void complain(SpoolException e) {
        String words = String.valueOf(e.getMessage());
        if (!words.equals(trouble)) {
            LOG.warn("what is learned of recipients stays in memory: {}", words);
            trouble = words;
        }
    }

    /** Forgets what is old, and then what was not heard of for the longest time. */
    private void shrink() {
        Instant now = clock.instant();
        forget(entries.values().stream()
                .filter(e -> !now.isBefore(e.latest().plus(FORGOTTEN)))
                .toList());
        if (entries.size() > MOST_REFUSED) {
            forget(beyond(MOST_REFUSED, true));
            forget(beyond(MOST_TAKEN, false));
        }
    }

    private List<LearnedRecipient> beyond(int most, boolean refused) {
        return entries.values().stream()
                .filter(e -> e.refused().isPresent() == refused)
                .sorted(Comparator.comparing(LearnedRecipient::latest).reversed())
                .skip(most)
                .toList();
    }

    private void forget(List<LearnedRecipient> old) {
        for (LearnedRecipient entry : old) {
            String key = RecipientStore.key(entry);
            if (entries.remove(key, entry)) {
                changed.add(key);
            }
        }
    }

    @Override
    public void close() {
        flush();
        RecipientStore open = store;
        if (open != null) {
            open.close();
        }
    }
}
