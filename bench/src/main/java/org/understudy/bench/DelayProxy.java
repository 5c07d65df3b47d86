package org.understudy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A long line on loopback: hands octets on in both directions after a delay, however many are on their way. Arguments: port to
 * listen on, port to hand on to, milliseconds of delay in each direction. That a connection is made is known at once.
 */
public final class DelayProxy {
    private static final int BLOCK_OCTETS = 64 * 1024;

    private final int target;
    private final long delayNanos;

    private DelayProxy(int target, long delayNanos) {
        this.target = target;
        this.delayNanos = delayNanos;
    }

    public static void main(String[] arguments) throws IOException {
        DelayProxy proxy = new DelayProxy(
                Integer.parseInt(arguments[1]), TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(arguments[2])));
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 500);
            while (true) {
                proxy.connect(listener.accept());
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        line(client, server);
        line(server, client);
    }

    /** Octets and when they are due at the other end; none at the end of it all. */
    private static final class Block {
        private final byte[] octets;
        private final long due;

        Block(byte[] octets, long due) {
            this.octets = octets;
            this.due = due;
        }
    }

    private void line(Socket from, Socket to) throws IOException {
        BlockingQueue<Block> onTheWay = new LinkedBlockingQueue<>();
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        daemon(() -> read(in, onTheWay));
        daemon(() -> {
            try {
                write(onTheWay, out);
                to.shutdownOutput();
            } catch (IOException e) {
                // One end has gone; the other learns of it.
                close(from);
                close(to);
            }
        });
    }

    private void read(InputStream in, BlockingQueue<Block> onTheWay) {
        byte[] buffer = new byte[BLOCK_OCTETS];
        int n = 0;
        while (n >= 0) {
            try {
                n = in.read(buffer);
            } catch (IOException e) {
                n = -1;
            }
            onTheWay.add(new Block(Arrays.copyOf(buffer, Math.max(0, n)), System.nanoTime() + delayNanos));
        }
    }

    private static void write(BlockingQueue<Block> onTheWay, OutputStream out) throws IOException {
        try {
            for (Block block = onTheWay.take(); block.octets.length > 0; block = onTheWay.take()) {
                TimeUnit.NANOSECONDS.sleep(block.due - System.nanoTime());
                out.write(block.octets);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed for every purpose here.
        }
    }
}
