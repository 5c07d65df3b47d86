package org.understudy.spool.reception;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves thousands of connections: what a client says is handled at once, and what has to wait (for the disk, for
 * the client) waits without a thread. So a message costs no switch of threads per command, and an idle session no memory to
 * speak of. Nothing that runs here may block. {@link #execute} and {@link #close} may be called by any thread.
 */
final class EventLoop implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int BUFFER = 64 * 1024;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** True once the selector was woken for tasks that are not yet run: once is enough. */
    private final AtomicBoolean woken = new AtomicBoolean();
    /** What is read goes through here, whoever it is from; what cannot be handled yet is copied. */
    private final ByteBuffer input = ByteBuffer.allocate(BUFFER);

    private volatile boolean closed;

    /** What is to be done when a connection can go on. */
    interface Ready {
        /** The channel can be read from or written to, as its key says. */
        void ready();
    }

    EventLoop(String name) throws IOException {
        this.selector = Selector.open();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Runs something on the loop's thread, soon; after the end not at all. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** The one buffer for what is read, empty. On the loop's thread, until the next call. */
    ByteBuffer input() {
        return input.clear();
    }

    /** Begins to watch a channel for input. On the loop's thread. */
    SelectionKey register(SocketChannel channel, Ready ready) throws ClosedChannelException {
        return channel.register(selector, SelectionKey.OP_READ, ready);
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(EventLoop::handle);
                woken.set(false);
                runTasks();
            } catch (IOException | RuntimeException e) {
                LOG.error("unforeseen in {}", thread.getName(), e);
            }
        }
        runTasks();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void handle(SelectionKey key) {
        try {
            ((Ready) key.attachment()).ready();
        } catch (CancelledKeyException e) {
            LOG.debug("closed in the meantime", e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("unforeseen in {}", thread.getName(), e);
            }
        }
    }

    /** Runs what is waiting to be run, and ends. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
