package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;

/** One connection of a client, from accept to close. Run once, on its own thread; its end may be asked for by any thread. */
final class Session implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int LEAST_OCTETS_PER_SECOND = 100;

    private final Reception reception;
    private final Socket socket;
    private final Lifetime lifetime;

    Session(Reception reception, Socket socket) {
        this.reception = reception;
        this.socket = socket;
        this.lifetime = new Lifetime(socket);
    }

    /** The address of the peer. */
    InetAddress client() {
        return socket.getInetAddress();
    }

    Lifetime lifetime() {
        return lifetime;
    }

    @Override
    public void run() {
        try {
            // A reply must not wait for the acknowledgement of the one before.
            socket.setTcpNoDelay(true);
            Duration timeout = reception.settings().commandTimeout();
            SessionIo io = new SessionIo(socket, lifetime, timeout, LEAST_OCTETS_PER_SECOND);
            new Conversation(reception, io, client()).run();
        } catch (IOException e) {
            LOG.debug("{} left before the greeting: {}", client(), e.getMessage());
        } finally {
            lifetime.abort();
            reception.ended(this);
        }
    }

    /** Says one thing and closes, without ever waiting for the client: what is said fits into the empty buffer of its socket. */
    void turnAway(Reply reply) {
        try {
            ReplyBuffer word = new ReplyBuffer();
            word.add(reply);
            word.drainTo(socket.getOutputStream());
        } catch (IOException e) {
            LOG.debug("{} did not hear {}: {}", client(), reply, e.getMessage());
        } finally {
            lifetime.abort();
        }
    }
}
