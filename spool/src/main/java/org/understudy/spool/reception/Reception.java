package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.ReceptionCounts;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SpoolException;

/** All sessions of a receiver, on all its addresses. Thread-safe. */
public final class Reception implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    private static final long DRAIN_LOOK_MILLIS = 20;

    private final ReceptionSettings settings;
    private final RecipientPolicy policy;
    private final NextHopCapabilities nextHops;
    private final MessageIntake intake;
    private final Clock clock;
    private final List<SubEthaListener> listeners = new ArrayList<>();
    /** Guarded by itself, and waited on by a drain. */
    private final Set<Conversation> conversations = new HashSet<>();

    private final LostReceipts lostReceipts = new LostReceipts();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong collapsed = new AtomicLong();
    private final AtomicLong refusedTransient = new AtomicLong();
    private final AtomicLong refusedPermanent = new AtomicLong();
    private volatile boolean draining;

    public Reception(
            ReceptionSettings settings,
            RecipientPolicy policy,
            NextHopCapabilities nextHops,
            MessageIntake intake,
            Clock clock) {
        this.settings = settings;
        this.policy = policy;
        this.nextHops = nextHops;
        this.intake = intake;
        this.clock = clock;
    }

    /**
     * Listens on every address.
     *
     * @throws SpoolException if one of them cannot be used; none is then
     */
    public void start() {
        try {
            for (InetSocketAddress address : settings.listen()) {
                listeners.add(SubEthaListener.start(address, settings.maximumSessions(), this::serve));
            }
        } catch (IOException e) {
            InetSocketAddress failed = settings.listen().get(listeners.size());
            close();
            throw new SpoolException(
                    "The SMTP address " + failed.getHostString() + ":" + failed.getPort() + " cannot be used ("
                            + e.getMessage() + "): another program listens there, it is not of this machine,"
                            + " or this user may not use the port.",
                    e);
        }
    }

    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(SubEthaListener::address).toList();
    }

    public ReceptionCounts counts() {
        synchronized (conversations) {
            return new ReceptionCounts(
                    conversations.size(),
                    accepted.get(),
                    collapsed.get(),
                    refusedTransient.get(),
                    refusedPermanent.get());
        }
    }

    /** One session, on its own thread. */
    private void serve(Socket socket) {
        Conversation conversation;
        try {
            conversation = new Conversation(this, socket);
        } catch (IOException e) {
            LOG.debug("a client left before the greeting: {}", e.getMessage());
            return;
        }
        Reply refusal = admit(conversation);
        if (refusal != null) {
            conversation.turnAway(refusal);
            count(refusal);
            return;
        }
        try {
            conversation.run();
        } finally {
            synchronized (conversations) {
                conversations.remove(conversation);
                conversations.notifyAll();
            }
        }
    }

    private @org.jspecify.annotations.Nullable Reply admit(Conversation newcomer) {
        synchronized (conversations) {
            if (draining) {
                return Replies.SHUTTING_DOWN;
            }
            if (conversations.size() >= settings.maximumSessions()) {
                return Replies.TOO_MANY_SESSIONS;
            }
            InetAddress client = newcomer.client();
            long sameClient = conversations.size() < settings.maximumSessionsPerClient()
                    ? 0
                    : conversations.stream()
                            .filter(c -> c.client().equals(client))
                            .count();
            if (sameClient >= settings.maximumSessionsPerClient()) {
                return Replies.TOO_MANY_FROM_YOU;
            }
            conversations.add(newcomer);
            return null;
        }
    }

    /**
     * Lets open transactions come to their 250 or 451, ends idle sessions and turns new ones away with 421.
     *
     * @return true if all had ended in time
     */
    public boolean drain(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        draining = true;
        while (true) {
            List<Conversation> open;
            synchronized (conversations) {
                open = List.copyOf(conversations);
            }
            open.forEach(Conversation::endIfIdle);
            synchronized (conversations) {
                if (conversations.isEmpty()) {
                    return true;
                }
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                try {
                    TimeUnit.MILLISECONDS.timedWait(conversations, DRAIN_LOOK_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
    }

    /** Ends every session and closes the ports; when it returns, they are closed. */
    @Override
    public void close() {
        draining = true;
        List<Conversation> open;
        synchronized (conversations) {
            open = List.copyOf(conversations);
        }
        open.forEach(Conversation::end);
        listeners.forEach(SubEthaListener::close);
    }

    ReceptionSettings settings() {
        return settings;
    }

    RecipientPolicy policy() {
        return policy;
    }

    NextHopCapabilities nextHops() {
        return nextHops;
    }

    LostReceipts lostReceipts() {
        return lostReceipts;
    }

    MessageIntake intake() {
        return intake;
    }

    boolean isDraining() {
        return draining;
    }

    Instant now() {
        return clock.instant();
    }

    void countAccepted() {
        accepted.incrementAndGet();
    }

    void countCollapsed() {
        collapsed.incrementAndGet();
    }

    void count(Reply reply) {
        if (reply.isTransient()) {
            refusedTransient.incrementAndGet();
        } else if (reply.isPermanent()) {
            refusedPermanent.incrementAndGet();
        }
    }
}
