package org.understudy.probes.smtp;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.SmtpEndpoint;

/**
 * Lets only so many sessions at a time through to one address and port, whatever the number of domains behind it. Who comes first,
 * goes first. Thread-safe.
 */
public final class SessionGate {
    private final int limit;
    private final Map<InetSocketAddress, Semaphore> servers = new ConcurrentHashMap<>();

    SessionGate(int limit) {
        this.limit = limit;
    }

    /** True if somebody who came now would have to wait. */
    boolean isFull(SmtpEndpoint endpoint) {
        Semaphore server = servers.get(address(endpoint));
        return server != null && (server.availablePermits() == 0 || server.hasQueuedThreads());
    }

    private static InetSocketAddress address(SmtpEndpoint endpoint) {
        return new InetSocketAddress(endpoint.address(), endpoint.port());
    }

    /**
     * Runs the session, or something else instead when the deadline passes first. Also when the thread is interrupted, which stays so.
     */
    public <T> T through(SmtpEndpoint endpoint, Deadline deadline, Supplier<T> session, Supplier<T> tooLate) {
        Semaphore server = servers.computeIfAbsent(address(endpoint), address -> new Semaphore(limit, true));
        boolean admitted;
        try {
            admitted = server.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            admitted = false;
        }
        if (!admitted) {
            return tooLate.get();
        }
        try {
            return session.get();
        } finally {
            server.release();
        }
    }
}
