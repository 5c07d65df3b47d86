package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.NextHopCapabilities;
import org.understudy.spool.ReceptionCounts;
import org.understudy.spool.ReceptionSettings;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.SpoolException;

/** All sessions of a receiver, on all its addresses. Thread-safe. */
public final class Reception implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    /** For idle sessions to be told that they are ended. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    /** The others are for the store, the lanes and the kernel. */
    private static final int PROCESSORS_PER_LOOP = 2;

    /** While one of them writes a large message to the page cache, the other goes on. */
    private static final int FEWEST_LOOPS = 2;

    private static final int MOST_WORKERS = 32;

    private final ReceptionSettings settings;
    private final RecipientPolicy policy;
    private final NextHopCapabilities nextHops;
    private final MessageIntake intake;
    private final Clock clock;
    private final List<SubEthaListener> listeners = new ArrayList<>();
    /** A drain waits on it until it is empty. */
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    private final SessionWatch watch;
    private final List<EventLoop> loops = new ArrayList<>();
    private final ThreadPoolExecutor workers = pool();
    private final Admission admission;
    private final OncePerMinute proxyComplaints = new OncePerMinute();

    private final LostReceipts lostReceipts = new LostReceipts();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong collapsed = new AtomicLong();
    private final AtomicLong refusedTransient = new AtomicLong();
    private final AtomicLong refusedPermanent = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();

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
        SessionLimits limits = settings.sessions();
        this.admission = new Admission(limits, this::makeRoom);
        this.watch = new SessionWatch(sessions, limits.maximumTime(), limits.evictAfter(), admission::isFull);
    }

    /**
     * Listens on every address.
     *
     * @throws SpoolException if one of them cannot be used; none is then
     */
    public void start() {
        watch.start();
        try {
            startLoops();
            for (InetSocketAddress address : settings.listen()) {
                listeners.add(SubEthaListener.start(address, this::take));
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

    private void startLoops() throws IOException {
        int count = Math.max(FEWEST_LOOPS, Runtime.getRuntime().availableProcessors() / PROCESSORS_PER_LOOP);
        for (int i = 0; i < count; i++) {
            EventLoop loop = new EventLoop("smtp-sessions-" + i);
            loop.start();
            loops.add(loop);
        }
    }

    private static ThreadPoolExecutor pool() {
        AtomicInteger started = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_WORKERS, MOST_WORKERS, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "smtp-worker-" + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(SubEthaListener::address).toList();
    }

    public ReceptionCounts counts() {
        return new ReceptionCounts(
                admission.sessions(), accepted.get(), collapsed.get(), refusedTransient.get(), refusedPermanent.get());
    }

    private EventLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /** A connection came. Runs on the accept thread and does not block. */
    private void take(SocketChannel channel) {
        Session session;
        try {
            channel.configureBlocking(false);
            session = new Session(this, nextLoop(), channel);
        } catch (IOException e) {
            LOG.debug("a client left before the greeting: {}", e.getMessage());
            discard(channel);
            return;
        }
        Reply refusal = draining ? Replies.SHUTTING_DOWN : admission.enter(session.place(), session.knownClient());
        if (refusal != null) {
            session.turnAway(refusal);
            return;
        }
        sessions.add(session);
        if (draining) {
            session.lifetime().endWhenIdle(Replies.SHUTTING_DOWN);
        }
        session.start();
    }

    private static void discard(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closed, with trouble: {}", e.getMessage());
        }
    }

    /** Ends a session that is idle and gives its place away; false if there is none. */
    private boolean makeRoom() {
        Session evicted = watch.evict();
        if (evicted == null) {
            return false;
        }
        admission.leave(evicted.place());
        return true;
    }

    /** The client of a session turns out to be another one. The reply that refuses it, or null. */
    @Nullable
    Reply identify(Session session, InetAddress client) {
        return admission.identify(session.place(), client);
    }

    /** A session is over. */
    void ended(Session session) {
        sessions.remove(session);
        admission.leave(session.place());
        if (draining) {
            synchronized (sessions) {
                sessions.notifyAll();
            }
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
        sessions.forEach(session -> session.lifetime().endWhenIdle(Replies.SHUTTING_DOWN));
        synchronized (sessions) {
            while (!sessions.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(sessions, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /** Ends every session and closes the ports; when it returns, they are closed. */
    @Override
    public void close() {
        drain(LAST_WORDS);
        sessions.forEach(session -> session.lifetime().abort());
        listeners.forEach(SubEthaListener::close);
        loops.forEach(EventLoop::close);
        workers.shutdown();
        watch.close();
    }

    void complainAboutProxy(InetAddress peer, @Nullable String what) {
        if (proxyComplaints.isDue()) {
            LOG.warn(
                    "{} is a trusted proxy, but its connection does not begin with a PROXY protocol header: {}",
                    peer.getHostAddress(),
                    what);
        }
    }

    /** For what has to wait for the disk or takes long. */
    Executor workers() {
        return workers;
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
