package org.understudy.interop.power;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.MessageStores;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitState;

/**
 * What a store is found to hold when it is opened. Immutable.
 *
 * @param troubles what must never be, whatever was promised
 */
record Survey(Map<QueueId, Found> messages, List<String> troubles) {

    /**
     * One message.
     *
     * @param units that are not settled, with their states
     */
    record Found(String sha256, Map<Integer, UnitState> units) {
        /** Empty if the unit is settled. */
        Optional<UnitState> state(int unit) {
            return Optional.ofNullable(units.get(unit));
        }
    }

    /**
     * Opens a store, looks at all of it, and takes one more message.
     *
     * @param setAside messages that may be there without a queued unit
     */
    static Survey of(Path directory, Collection<QueueId> setAside) {
        Map<QueueId, Found> messages = new HashMap<>();
        List<String> troubles = new ArrayList<>();
        try (MessageStore store = MessageStores.embedded(StoreWorkload.settings(directory), Clock.systemUTC())) {
            Set<QueueId> there = new HashSet<>();
            for (QueuedMessage message : queued(store)) {
                there.add(message.id());
            }
            QueueCounts counts = store.counts();
            there.addAll(setAside);
            long queued = 0;
            long aside = 0;
            for (QueueId id : there) {
                Optional<QueuedMessage> message = store.find(id);
                if (message.isPresent()) {
                    Found found = found(store, message.get());
                    messages.put(id, found);
                    queued += count(found, UnitState.QUEUED);
                    aside += count(found, UnitState.QUARANTINED) + count(found, UnitState.HELD);
                }
            }
            if (counts.messages() != messages.size()) {
                troubles.add("the ledger says " + counts + ", but " + messages.size() + " messages are found");
            }
            if (!counts.isBalanced()) {
                troubles.add("the ledger is not balanced: " + counts);
            }
            if (counts.queued() != queued || counts.quarantined() + counts.held() != aside) {
                troubles.add("the ledger says " + counts + ", but " + queued + " units are queued and " + aside
                        + " set aside");
            }
            if (!takesOneMore(store)) {
                troubles.add("it takes no message: " + store.health().detail());
            }
        } catch (RuntimeException | IOException e) {
            troubles.add(e.toString());
        }
        return new Survey(Map.copyOf(messages), List.copyOf(troubles));
    }

    private static List<QueuedMessage> queued(MessageStore store) {
        return store.due(
                List.of(StoreWorkload.DOMAIN),
                Clock.systemUTC().instant().plus(Duration.ofDays(1)),
                Optional.empty(),
                Integer.MAX_VALUE);
    }

    private static long count(Found found, UnitState state) {
        return found.units().values().stream().filter(state::equals).count();
    }

    private static Found found(MessageStore store, QueuedMessage message) throws IOException {
        Map<Integer, UnitState> units = new HashMap<>();
        for (Unit unit : message.units()) {
            if (!unit.state().isTerminal()) {
                units.put(unit.number(), unit.state());
            }
        }
        try (InputStream content = store.content(message.id()).open()) {
            return new Found(StoreWorkload.sha256(content.readAllBytes()), Map.copyOf(units));
        }
    }

    private static boolean takesOneMore(MessageStore store) {
        Origin origin = new Origin(
                java.net.InetAddress.getLoopbackAddress(),
                "client.test",
                "SMTP",
                Optional.empty(),
                Clock.systemUTC().instant());
        MessageDraft draft = store.begin(
                Envelope.of(ReversePath.NULL, new ForwardPath("after", Optional.of(StoreWorkload.DOMAIN.text()))),
                origin);
        draft.write(new byte[100], 0, 100);
        return draft.commit() == CommitResult.STORED && store.find(draft.id()).isPresent();
    }
}
