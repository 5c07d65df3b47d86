package org.understudy.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A line of some length between two ports of loopback: octets come out so much later than they went in, and as many as fit in
 * memory are on their way. That a connection is made is known at once.
 *
 * <p>usage: {@code DelayProxy LISTEN TARGET ONE_WAY_MILLISECONDS}
 *
 * <p>Two threads, however many connections: one takes in, one puts out. All is delayed by the same time, so that what went in
 * first comes out first, and a line costs those whose speed is measured over it little of the machine.
 */
public final class DelayProxy {
    private static final int BLOCK_OCTETS = 64 * 1024;
    /** Until a receiver that has no room is tried again. */
    private static final long NO_ROOM_NANOS = 100_000;

    private final InetSocketAddress target;
    private final long delayNanos;
    private final Selector selector;
    private final LinkedBlockingQueue<Block> onTheWay = new LinkedBlockingQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_OCTETS);

    private DelayProxy(int target, long delayNanos) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
        this.delayNanos = delayNanos;
        this.selector = Selector.open();
    }

    /** What went in at one end, and when it is due at the other; nothing at the end of it all. */
    private static final class Block {
        private final SocketChannel to;
        private final ByteBuffer octets;
        private final long due;

        Block(SocketChannel to, ByteBuffer octets, long due) {
            this.to = to;
            this.octets = octets;
            this.due = due;
        }
    }

    public static void main(String[] arguments) throws IOException {
        DelayProxy proxy = new DelayProxy(
                Integer.parseInt(arguments[1]), TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(arguments[2])));
        Thread out = new Thread(proxy::putOut);
        out.setDaemon(true);
        out.start();
        proxy.takeIn(Integer.parseInt(arguments[0]));
    }

    private void takeIn(int port) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select();
                Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
                while (ready.hasNext()) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    if (key.isAcceptable()) {
                        connect(listener.accept());
                    } else {
                        read(key);
                    }
                }
            }
        }
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel server = SocketChannel.open(target);
        line(client, server);
        line(server, client);
    }

    private void line(SocketChannel from, SocketChannel to) throws IOException {
        from.socket().setTcpNoDelay(true);
        from.configureBlocking(false);
        from.register(selector, SelectionKey.OP_READ, to);
    }

    private void read(SelectionKey key) {
        int n;
        buffer.clear();
        try {
            n = ((SocketChannel) key.channel()).read(buffer);
        } catch (IOException e) {
            n = -1;
        }
        if (n == 0) {
            return;
        }
        if (n < 0) {
            key.cancel();
        }
        ByteBuffer octets =
                ByteBuffer.allocate(Math.max(0, n)).put(buffer.flip()).flip();
        onTheWay.add(new Block((SocketChannel) key.attachment(), octets, System.nanoTime() + delayNanos));
    }

    private void putOut() {
        try {
            while (true) {
                Block block = onTheWay.take();
                TimeUnit.NANOSECONDS.sleep(block.due - System.nanoTime());
                put(block);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void put(Block block) {
        try {
            if (!block.octets.hasRemaining()) {
                block.to.shutdownOutput();
            }
            while (block.octets.hasRemaining()) {
                if (block.to.write(block.octets) == 0) {
                    LockSupport.parkNanos(NO_ROOM_NANOS);
                }
            }
        } catch (IOException e) {
            // That end has gone; the other learns of it.
            close(block.to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for every purpose here.
        }
    }
}
