package org.understudy.spool.forwarding;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.spool.CommitResult;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NextHop;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/** All lanes of a spool. Takes drafts on their way to the store, to wake a lane the moment one is durable. Thread-safe. */
public final class Forwarder implements MessageIntake, AutoCloseable {
    private final MessageStore store;
    private final List<Lane> lanes;

    /** @param capabilities learns what next hops offer */
    public Forwarder(ForwardingSettings settings, MessageStore store, KnownCapabilities capabilities, Clock clock) {
        this.store = store;
        Map<NextHop, List<DomainName>> byNextHop = settings.routes().entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        this.lanes = byNextHop.entrySet().stream()
                .map(e -> new Lane(
                        e.getKey(), e.getValue().stream().sorted().toList(), settings, store, capabilities, clock))
                .toList();
    }

    public void start() {
        lanes.forEach(Lane::start);
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        return new WakingDraft(store.begin(envelope, origin));
    }

    /** The next hop was seen alive by somebody else. */
    public void signOfLife(NextHop nextHop) {
        lanes.stream().filter(l -> l.nextHop().equals(nextHop)).forEach(Lane::probeNow);
    }

    /** What froze the lane to that next hop is mended: it goes on, and what is refused from now on is meant. */
    public void thaw(NextHop nextHop) {
        lanes.stream().filter(l -> l.nextHop().equals(nextHop)).forEach(Lane::thaw);
    }

    public List<LaneStatus> status() {
        return lanes.stream().map(Lane::status).toList();
    }

    /**
     * Lets messages that are being handed on come through, and begins no others.
     *
     * @return true if all had ended within the limit
     */
    public boolean drain(Duration limit) {
        lanes.forEach(Lane::halt);
        long deadline = System.nanoTime() + limit.toNanos();
        return lanes.stream().allMatch(l -> l.awaitStop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }

    private final class WakingDraft implements MessageDraft {
        private final MessageDraft draft;

        WakingDraft(MessageDraft draft) {
            this.draft = draft;
        }

        @Override
        public QueueId id() {
            return draft.id();
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            draft.write(octets, offset, length);
        }

        @Override
        public CommitResult commit() {
            CommitResult result = draft.commit();
            wake(result);
            return result;
        }

        @Override
        public CompletableFuture<CommitResult> commit(Executor blocking) {
            return draft.commit(blocking).thenApply(result -> {
                wake(result);
                return result;
            });
        }

        private void wake(CommitResult result) {
            if (result == CommitResult.STORED) {
                lanes.forEach(Lane::wake);
            }
        }

        @Override
        public void discard() {
            draft.discard();
        }
    }
}
