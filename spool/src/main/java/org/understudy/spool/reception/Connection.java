package org.understudy.spool.reception;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;
import org.understudy.spool.SessionLimits;

/**
 * The octets of a session, in plain or by TLS. Replies are held back until nothing more of what came can be handled, so that a
 * pipelined group is answered in one segment (RFC 2920 section 3.2). While a reply waits for the client to read, nothing more is
 * read from it: so memory is bounded whatever it does. Confined to its event loop.
 */
final class Connection implements EventLoop.Ready {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NOTHING = {};
    private static final ByteBuffer NOTHING_UNSENT = ByteBuffer.allocate(0);
    private static final int MOST_REPLIES_HELD = 16 * 1024;
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(60);

    private final SocketChannel channel;
    private final EventLoop loop;
    private final Executor workers;
    private final Lifetime lifetime;
    private final Dialogue dialogue;
    private final long writeTimeout;
    private final long handshakeTimeout;

    private @Nullable SelectionKey key;
    private final ReplyBuffer held = new ReplyBuffer();
    /** What the client has not read yet. */
    private ByteBuffer unsent = NOTHING_UNSENT;
    /** What came and could not be handled yet. */
    private byte[] left = NOTHING;

    private @Nullable TlsLayer tls;
    private @Nullable Consumer<String> established;
    private boolean taskRuns;
    private boolean paused;
    /** The client spoke while we could not listen. */
    private boolean muted;
    /** What is read next was sent before the client could read what we said last. */
    private boolean spokeMeanwhile;

    private boolean closing;
    private boolean closed;

    /** What is said on a connection. Called on its event loop. */
    interface Dialogue {
        /** Octets came from the client after what was said last. */
        void came();

        /**
         * Takes octets as long as {@link Connection#mayGoOn()}.
         *
         * @return the index behind what was taken; the rest is offered again, with what comes after it
         */
        int take(byte[] octets, int from, int to);

        /** Nothing can be done for now but wait for the client. */
        void waits(boolean partialInput);

        /** The connection is over: the client left, it broke, or it was closed. */
        void over();
    }

    Connection(
            SocketChannel channel,
            EventLoop loop,
            Executor workers,
            Lifetime lifetime,
            SessionLimits limits,
            Dialogue dialogue) {
        this.channel = channel;
        this.loop = loop;
        this.workers = workers;
        this.lifetime = lifetime;
        this.dialogue = dialogue;
        this.writeTimeout = Math.min(limits.commandTimeout().toNanos(), LONGEST_WRITE.toNanos());
        this.handshakeTimeout = limits.handshakeTimeout().toNanos();
    }

    /** Begins to listen. */
    void open() throws IOException {
        // A reply must not wait for the acknowledgement of the one before.
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = loop.register(channel, this);
    }

    @Override
    public void ready() {
        try {
            SelectionKey open = key;
            if (open != null && open.isValid() && unsent.hasRemaining()) {
                send(NOTHING_UNSENT.duplicate());
                if (!unsent.hasRemaining()) {
                    written();
                }
            }
            if (!closed && !closing) {
                read();
            }
        } catch (IOException e) {
            broken(e);
        } catch (RuntimeException e) {
            unforeseen(e);
        }
    }

    /** Runs something for the session, which ends if that fails. */
    void guard(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            unforeseen(e);
        }
    }

    private void unforeseen(RuntimeException e) {
        LOG.error("unforeseen in a session", e);
        say(Replies.SHUTTING_DOWN);
        end();
    }

    private void written() throws IOException {
        if (established == null) {
            lifetime.done();
        }
        if (closing) {
            finish();
        } else {
            goOn();
        }
    }

    private void read() throws IOException {
        if (!mayGoOn() || taskRuns) {
            // Clients rarely speak while we are busy: so it is cheaper to be told once than to stop listening each
            // time.
            muted = true;
            spokeMeanwhile = true;
            listen();
            return;
        }
        ByteBuffer octets = loop.input();
        int n = channel.read(octets);
        if (n == 0) {
            return;
        }
        if (n < 0) {
            close();
            return;
        }
        if (!spokeMeanwhile) {
            dialogue.came();
        }
        spokeMeanwhile = false;
        octets.flip();
        TlsLayer layer = tls;
        if (layer == null) {
            offer(octets);
        } else {
            layer.came(octets);
            decrypt(layer);
        }
    }

    private void decrypt(TlsLayer layer) throws IOException {
        while (!closed) {
            ByteBuffer plain = loop.input();
            TlsLayer.Need need = layer.advance(plain, this::sendQuietly);
            announce(layer);
            if (plain.flip().hasRemaining()) {
                offer(plain);
            }
            if (need == TlsLayer.Need.TASK) {
                runTask(layer);
                return;
            }
            if (need == TlsLayer.Need.CLOSED) {
                close();
                return;
            }
            if (need == TlsLayer.Need.INPUT) {
                return;
            }
        }
    }

    private void announce(TlsLayer layer) {
        Consumer<String> waiting = established;
        if (waiting != null && layer.protocol().isPresent()) {
            established = null;
            lifetime.done();
            waiting.accept(layer.protocol().get());
            dialogue.waits(false);
        }
    }

    /** Private keys take their time; the others on the loop do not wait for them. */
    private void runTask(TlsLayer layer) {
        taskRuns = true;
        Runnable task = layer.task();
        workers.execute(() -> {
            task.run();
            loop.execute(() -> {
                taskRuns = false;
                muted = false;
                try {
                    if (!closed) {
                        decrypt(layer);
                        listen();
                    }
                } catch (IOException e) {
                    broken(e);
                }
            });
        });
    }

    private void offer(ByteBuffer octets) throws IOException {
        int from = octets.arrayOffset() + octets.position();
        offer(octets.array(), from, from + octets.remaining());
    }

    private void offer(byte[] octets, int from, int to) throws IOException {
        byte[] all = octets;
        int begin = from;
        int end = to;
        if (left.length > 0) {
            all = Arrays.copyOf(left, left.length + to - from);
            System.arraycopy(octets, from, all, left.length, to - from);
            begin = 0;
            end = all.length;
        }
        int taken = mayGoOn() ? takeAll(all, begin, end) : begin;
        left = taken == end ? NOTHING : Arrays.copyOfRange(all, taken, end);
        settle();
    }

    /** Lets replies go in between, when they are many. */
    private int takeAll(byte[] octets, int from, int to) throws IOException {
        int at = from;
        int before;
        do {
            before = at;
            at = dialogue.take(octets, before, to);
            if (at < to) {
                flush();
            }
        } while (at > before && at < to && mayGoOn());
        return at;
    }

    /** What came was handled as far as it can be. */
    private void settle() throws IOException {
        if (closed) {
            return;
        }
        flush();
        if (closing) {
            if (!unsent.hasRemaining()) {
                finish();
            }
        } else if (mayGoOn() && established == null) {
            dialogue.waits(left.length > 0);
        }
        listen();
    }

    /** False while something has to be waited for: the disk, or that the client reads. */
    boolean mayGoOn() {
        return !paused && !closing && !closed && !unsent.hasRemaining() && held.length() <= MOST_REPLIES_HELD;
    }

    /** Takes nothing more until {@link #resume()}. */
    void pause() {
        paused = true;
    }

    /** Goes on with what came in the meantime. */
    void resume() {
        paused = false;
        try {
            goOn();
        } catch (IOException e) {
            broken(e);
        }
    }

    private void goOn() throws IOException {
        muted = false;
        byte[] waiting = left;
        left = NOTHING;
        if (waiting.length > 0 && mayGoOn()) {
            offer(waiting, 0, waiting.length);
        } else {
            left = waiting;
            settle();
        }
    }

    /** Listens for what can be handled. */
    private void listen() {
        SelectionKey open = key;
        if (open == null || !open.isValid()) {
            return;
        }
        int wanted = unsent.hasRemaining() ? SelectionKey.OP_WRITE : muted ? 0 : SelectionKey.OP_READ;
        if (open.interestOps() != wanted) {
            open.interestOps(wanted);
        }
    }

    /** Says something, now or together with what follows. */
    void say(Reply reply) {
        held.add(reply);
    }

    /** Sends what was said; true if it could all be sent. */
    boolean flushed() {
        try {
            flush();
        } catch (IOException e) {
            broken(e);
        }
        return !closed && !unsent.hasRemaining();
    }

    private void flush() throws IOException {
        if (held.length() == 0) {
            return;
        }
        ByteBuffer octets = held.take();
        TlsLayer layer = tls;
        if (layer == null) {
            send(octets);
        } else {
            layer.wrap(octets, this::sendQuietly);
        }
    }

    /** What cannot be sent shows when the connection is read from. */
    private void sendQuietly(ByteBuffer octets) {
        try {
            send(octets);
        } catch (IOException e) {
            broken(e);
        }
    }

    private void send(ByteBuffer octets) throws IOException {
        if (closed) {
            return;
        }
        if (unsent.hasRemaining()) {
            channel.write(unsent);
        }
        if (!unsent.hasRemaining() && octets.hasRemaining()) {
            channel.write(octets);
        }
        if (octets.hasRemaining()) {
            // A handshake has one deadline for all it says and hears.
            if (!unsent.hasRemaining() && established == null) {
                lifetime.mustBeDoneWithin(writeTimeout);
            }
            unsent = ByteBuffer.allocate(unsent.remaining() + octets.remaining())
                    .put(unsent)
                    .put(octets)
                    .flip();
        }
        listen();
    }

    /**
     * Goes on over TLS, as the server, after what was said so far.
     *
     * @param done told the protocol, for example {@code TLSv1.3}, when hands are shaken
     */
    void startTls(SSLContext context, Consumer<String> done) {
        try {
            flush();
            lifetime.mustBeDoneWithin(handshakeTimeout);
            established = done;
            tls = TlsLayer.server(context);
        } catch (IOException e) {
            broken(e);
        }
    }

    /** Closes when what was said is sent. */
    void closeAfterReplies() {
        closing = true;
        if (unsent.hasRemaining()) {
            lifetime.mustBeDoneWithin(Lifetime.LAST_WORD_NANOS);
        }
    }

    private void finish() {
        TlsLayer layer = tls;
        if (layer != null && !closed) {
            try {
                layer.close(this::sendQuietly);
            } catch (IOException e) {
                LOG.debug("no goodbye by TLS: {}", e.getMessage());
            }
        }
        close();
    }

    /** Closes when what was said is sent, and sends it now. */
    void end() {
        closeAfterReplies();
        sendReplies();
    }

    /** Sends what was said now. */
    void sendReplies() {
        try {
            settle();
        } catch (IOException e) {
            broken(e);
        }
    }

    private void broken(IOException e) {
        LOG.debug("a connection broke: {}", e.getMessage());
        close();
    }

    /** Closes at once. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closed, with trouble: {}", e.getMessage());
        }
        dialogue.over();
    }
}
