package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Network;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.ReceptionSettings;

/**
 * One connection of a client, from accept to close, and who that client is. Confined to its event loop once it was started; its
 * end may be asked for by any thread, through its {@link Lifetime}.
 */
final class Session implements Connection.Dialogue, Lifetime.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration MAX_PROXY_HEADER = Duration.ofSeconds(10);

    private final Reception reception;
    private final ReceptionSettings settings;
    private final EventLoop loop;
    private final SocketChannel channel;
    private final Lifetime lifetime;
    private final Connection connection;
    private final Admission.Place place = new Admission.Place();
    private final boolean proxied;
    /** Who connects, as the kernel or the PROXY header says. */
    private volatile InetAddress peer;

    private Xclient xclient = Xclient.NONE;
    private @Nullable Conversation conversation;

    Session(Reception reception, EventLoop loop, SocketChannel channel) throws IOException {
        this.reception = reception;
        this.settings = reception.settings();
        this.loop = loop;
        this.channel = channel;
        this.lifetime = new Lifetime(loop, this);
        this.connection = new Connection(channel, loop, reception.workers(), lifetime, settings.sessions(), this);
        this.peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        this.proxied = Network.anyContains(settings.trusted().proxies(), peer);
    }

    EventLoop loop() {
        return loop;
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

    /** Begins. */
    void start() {
        loop.execute(this::open);
    }

    private void open() {
        try {
            connection.open();
        } catch (IOException e) {
            LOG.debug("{} left before the greeting: {}", peer, e.getMessage());
            connection.close();
            return;
        }
        if (proxied) {
            long patience = settings.sessions().commandTimeout().toNanos();
            lifetime.mustBeDoneWithin(Math.min(patience, MAX_PROXY_HEADER.toNanos()));
        } else {
            // Whoever speaks before the greeting is heard now.
            connection.ready();
            greet();
        }
    }

    private void greet() {
        if (conversation == null && connection.mayGoOn()) {
            conversation = new Conversation(reception, this, connection);
            conversation.greet();
        }
    }

    @Override
    public void came() {
        Conversation open = conversation;
        if (open != null) {
            open.came();
        }
    }

    @Override
    public int take(byte[] octets, int from, int to) {
        Conversation open = conversation;
        if (open != null) {
            return open.take(octets, from, to);
        }
        return proxied ? takeProxyHeader(octets, from, to) : refuse(Replies.SPOKE_FIRST, to);
    }

    private int refuse(Reply reply, int to) {
        reception.count(reply);
        connection.say(reply);
        connection.closeAfterReplies();
        return to;
    }

    private int takeProxyHeader(byte[] octets, int from, int to) {
        PartialInput header = new PartialInput(octets, from, to);
        try {
            Optional<InetAddress> named = ProxyHeader.read(header);
            lifetime.done();
            peer = named.orElse(peer);
        } catch (PartialInput.IncompleteException e) {
            return from;
        } catch (IOException e) {
            reception.complainAboutProxy(peer, e.getMessage());
            connection.close();
            return to;
        }
        Reply refusal = reception.identify(this, peer);
        if (refusal == null && header.position() < to) {
            refusal = Replies.SPOKE_FIRST;
        }
        if (refusal != null) {
            return refuse(refusal, to);
        }
        greet();
        return to;
    }

    @Override
    public void waits(boolean partialInput) {
        Conversation open = conversation;
        if (open != null) {
            open.waits(partialInput);
        }
    }

    @Override
    public void over() {
        Conversation open = conversation;
        if (open != null) {
            // Ends it when nothing of it is under way.
            open.over();
        } else {
            reception.ended(this);
        }
    }

    @Override
    public void end(Reply lastWord) {
        Conversation open = conversation;
        if (open != null) {
            open.end(lastWord);
        } else {
            connection.close();
        }
    }

    @Override
    public void abort() {
        connection.close();
    }

    /** Says one thing and closes, without ever waiting for the client: what is said fits into the empty buffer of its socket. */
    void turnAway(Reply reply) {
        reception.count(reply);
        ReplyBuffer word = new ReplyBuffer();
        word.add(reply);
        try (channel) {
            channel.write(word.take());
        } catch (IOException e) {
            LOG.debug("{} did not hear {}: {}", peer, reply, e.getMessage());
        }
    }
}
