package org.understudy.agent.lab;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.commands.IdRange;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.server.ProtocolHandler;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** The INBOX of one user, reached by IMAP. It lies in memory; only the newest messages stay. Thread-safe. */
final class ImapMailbox implements AutoCloseable {
    /** Messages that the mailbox holds at most: GreenMail looks at all of them for each that is fetched. */
    static final int CAPACITY = 500;

    private static final String KEY = "imapPort";
    private static final long LARGEST_MESSAGE = 1024L * 1024;
    private static final long STARTUP_MILLIS = 10_000;
    // RFC 3501 section 5.4: an inactivity timer runs for at least 30 minutes.
    private static final Duration INACTIVITY = Duration.ofMinutes(31);

    private final Server server;
    private final MailFolder inbox;
    private final InetSocketAddress address;

    /** GreenMail's IMAP server, with answers that do not wait for the acknowledgement of the one before. */
    private static final class Server extends AbstractServer {
        Server(ServerSetup setup, Managers managers) {
            super(setup, managers);
            setDaemon(true);
            setClientSocketTimeout(Math.toIntExact(INACTIVITY.toMillis()));
        }

        @Override
        protected ProtocolHandler createProtocolHandler(Socket client) {
            return new ImapHandler(managers.getUserManager(), managers.getImapHostManager(), client);
        }

        @Override
        protected void handleClientSocket(Socket client) throws SocketException {
            client.setTcpNoDelay(true);
            super.handleClientSocket(client);
        }
    }

    private ImapMailbox(Server server, MailFolder inbox, InetSocketAddress address) {
        this.server = server;
        this.inbox = inbox;
        this.address = address;
    }

    static ImapMailbox start(InetSocketAddress address, String mailbox, String user, String password) {
        InetSocketAddress free = address.getPort() == 0
                ? address
                // GreenMail would only log why it cannot listen.
                : LabPorts.free(address.getAddress(), address.getPort(), KEY);
        Managers managers = new Managers();
        Server server = new Server(
                new ServerSetup(free.getPort(), free.getAddress().getHostAddress(), ServerSetup.PROTOCOL_IMAP),
                managers);
        try {
            GreenMailUser owner = managers.getUserManager().createUser(mailbox, user, password);
            MailFolder inbox = managers.getImapHostManager().getInbox(owner);
            server.startService();
            if (!server.waitTillRunning(STARTUP_MILLIS)) {
                throw new IllegalStateException("the IMAP server does not start");
            }
            return new ImapMailbox(server, inbox, new InetSocketAddress(address.getAddress(), server.getPort()));
        } catch (UserException | FolderException | IllegalStateException e) {
            server.stopService();
            throw LabPorts.taken(address.getAddress(), address.getPort(), KEY, e);
        } catch (InterruptedException e) {
            server.stopService();
            Thread.currentThread().interrupt();
            throw new LabException("The lab was interrupted while its mailbox was started.", e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    int count() {
        return inbox.getMessageCount();
    }

    /**
     * Puts a message into the mailbox, unread; the oldest makes room when it is full.
     *
     * @throws IllegalStateException if it is too large or no message
     */
    synchronized void append(Path content, Instant arrival) {
        try {
            if (Files.size(content) > LARGEST_MESSAGE) {
                throw new IllegalStateException("more than " + LARGEST_MESSAGE + " octets: too large for the mailbox");
            }
            try (InputStream in = Files.newInputStream(content)) {
                inbox.appendMessage(new MimeMessage(null, in), new Flags(), Date.from(arrival));
            }
            trim();
        } catch (IOException | MessagingException | FolderException e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }

    private void trim() throws FolderException {
        long[] uids = inbox.getMessageUids();
        int surplus = uids.length - CAPACITY;
        if (surplus <= 0) {
            return;
        }
        IdRange[] gone = new IdRange[surplus];
        for (int i = 0; i < surplus; i++) {
            inbox.setFlags(new Flags(Flags.Flag.DELETED), true, uids[i], null, false);
            gone[i] = new IdRange(uids[i]);
        }
        inbox.expunge(gone);
    }

    @Override
    public void close() {
        server.stopService();
    }
}
