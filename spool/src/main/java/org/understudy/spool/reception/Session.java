package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.Network;
import org.understudy.spool.ReceptionSettings;

/**
 * One connection of a client, from accept to close, and who that client is. Run once, on its own thread; its end may be asked
 * for by any thread.
 */
final class Session implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration MAX_PROXY_HEADER = Duration.ofSeconds(10);

    private final Reception reception;
    private final ReceptionSettings settings;
    private final Socket socket;
    private final Lifetime lifetime;
    private final Admission.Place place = new Admission.Place();
    private final boolean proxied;
    /** Who connects, as the kernel or the PROXY header says. */
    private InetAddress peer;

    private Xclient xclient = Xclient.NONE;

    Session(Reception reception, Socket socket) {
        this.reception = reception;
        this.settings = reception.settings();
        this.socket = socket;
        this.lifetime = new Lifetime(socket);
        this.peer = socket.getInetAddress();
        this.proxied = Network.anyContains(settings.trusted().proxies(), peer);
    }

    Lifetime lifetime() {
        return lifetime;
    }

    Admission.Place place() {
        return place;
    }

    /** The client as far as it is known before anything is read: null if a header must tell. */
    @Nullable
    InetAddress knownClient() {
        return proxied ? null : peer;
    }

    /** The client whose mail this is. */
    InetAddress client() {
        return xclient.address().orElse(peer);
    }

    /** What the client said in its EHLO or HELO, if somebody else says so for it. */
    Optional<String> heloName() {
        return xclient.heloName();
    }

    boolean mayUseXclient() {
        return Network.anyContains(settings.trusted().xclients(), peer);
    }

    /** The reply to XCLIENT: 220 if the session begins again, for the client that was named. */
    Reply xclient(String argument) {
        if (!mayUseXclient()) {
            return Replies.XCLIENT_NOT_ALLOWED;
        }
        try {
            Xclient named = xclient.and(argument);
            Reply refusal = reception.identify(this, named.address().orElse(peer));
            if (refusal != null) {
                return refusal;
            }
            xclient = named;
            return Replies.greeting(settings.hostName().text());
        } catch (SmtpSyntaxException e) {
            return Replies.syntax(e.reason());
        }
    }

    @Override
    public void run() {
        try {
            // A reply must not wait for the acknowledgement of the one before.
            socket.setTcpNoDelay(true);
            SessionIo io = new SessionIo(socket, lifetime, settings.sessions(), reception.contentBuffers());
            Reply refusal = proxied ? readProxyHeader(io) : null;
            if (refusal == null && io.hasInput()) {
                refusal = Replies.SPOKE_FIRST;
            }
            if (refusal != null) {
                turnAway(refusal);
                return;
            }
            new Conversation(reception, this, io).run();
        } catch (ProtocolException e) {
            reception.complainAboutProxy(peer, e.getMessage());
        } catch (IOException e) {
            LOG.debug("{} left before the greeting: {}", peer, e.getMessage());
        } finally {
            lifetime.abort();
            reception.ended(this);
        }
    }

    private @Nullable Reply readProxyHeader(SessionIo io) throws IOException {
        Duration patience = settings.sessions().commandTimeout();
        lifetime.mustBeDoneWithin(Math.min(patience.toNanos(), MAX_PROXY_HEADER.toNanos()));
        Optional<InetAddress> named = ProxyHeader.read(io::read);
        lifetime.done();
        peer = named.orElse(peer);
        return reception.identify(this, peer);
    }

    /** Says one thing and closes, without ever waiting for the client: what is said fits into the empty buffer of its socket. */
    void turnAway(Reply reply) {
        reception.count(reply);
        try {
            ReplyBuffer word = new ReplyBuffer();
            word.add(reply);
            word.drainTo(socket.getOutputStream());
        } catch (IOException e) {
            LOG.debug("{} did not hear {}: {}", peer, reply, e.getMessage());
        } finally {
            lifetime.abort();
        }
    }
}
