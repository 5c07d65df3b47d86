package org.understudy.spool.reception;

import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS between octets that came and octets that go, as the server (RFC 3207). Does no input or output and does not wait. Memory
 * is held only while a record is incomplete. Confined to one thread, but for the tasks that it names.
 */
final class TlsLayer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    /** Ciphertext that came and is not yet read. */
    private ByteBuffer came = NOTHING;

    private boolean established;

    private TlsLayer(SSLEngine engine) {
        this.engine = engine;
    }

    static TlsLayer server(SSLContext context) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.beginHandshake();
        return new TlsLayer(engine);
    }

    /** Takes octets that go to the client. */
    interface Outgoing {
        /** The octets are the taker's only until it returns. */
        void take(ByteBuffer octets);
    }

    /** What it needs to go on. */
    enum Need {
        /** More octets from the client. */
        INPUT,
        /** That {@link #task()} was run, on any thread. */
        TASK,
        /** Room for what was decrypted. */
        ROOM,
        /** Nothing: the client has closed its side. */
        CLOSED
    }

    /** Octets came from the client. */
    void came(ByteBuffer ciphertext) {
        ByteBuffer joined = ByteBuffer.allocate(came.remaining() + ciphertext.remaining());
        joined.put(came).put(ciphertext).flip();
        came = joined;
    }

    /**
     * Goes on as far as it can: decrypts, and shakes hands.
     *
     * @param plain takes what was decrypted
     * @throws SSLException if the client does not speak TLS, or not as it should
     */
    Need advance(ByteBuffer plain, Outgoing outgoing) throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    if (established) {
                        // TLS 1.3 has no such thing, and of TLS 1.2 it is the part that was attacked (RFC 5746).
                        throw new SSLException("the client wants to shake hands again");
                    }
                    return Need.TASK;
                }
                case NEED_WRAP -> wrap(NOTHING.duplicate(), outgoing);
                default -> {
                    Need need = unwrap(plain);
                    if (need != null) {
                        return need;
                    }
                }
            }
        }
    }

    private @Nullable Need unwrap(ByteBuffer plain) throws SSLException {
        if (!came.hasRemaining()) {
            came = NOTHING;
            return engine.isInboundDone() ? Need.CLOSED : Need.INPUT;
        }
        SSLEngineResult result = engine.unwrap(came, plain);
        established |= result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
        return switch (result.getStatus()) {
            case OK -> null;
            case BUFFER_UNDERFLOW -> Need.INPUT;
            case BUFFER_OVERFLOW -> Need.ROOM;
            case CLOSED -> Need.CLOSED;
        };
    }

    /** What must be run before it can go on; it may take long. */
    Runnable task() {
        return () -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        };
    }

    /** Encrypts. */
    void wrap(ByteBuffer plain, Outgoing outgoing) throws SSLException {
        ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        do {
            SSLEngineResult result = engine.wrap(plain, packet.clear());
            established |= result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
            outgoing.take(packet.flip());
            if (result.getStatus() != SSLEngineResult.Status.OK) {
                return;
            }
        } while (plain.hasRemaining());
    }

    /** For example {@code TLSv1.3}; empty before the handshake is done. */
    Optional<String> protocol() {
        return established ? Optional.of(engine.getSession().getProtocol()) : Optional.empty();
    }

    /** Says goodbye. */
    void close(Outgoing outgoing) throws SSLException {
        engine.closeOutbound();
        wrap(NOTHING.duplicate(), outgoing);
    }
}
