package org.understudy.probes.canary;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.ImapSettings.Tls;

/**
 * A connection to a mailbox: opened, read again and again, closed. Reads never set a flag. Confined to one thread, except
 * {@link #interrupt()}.
 */
final class MailboxConnection implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_OCTETS = 1 << 20;
    private static final String SEARCH = "UID SEARCH UID %d:* OR HEADER " + CanaryMark.HEADER + " \""
            + CanaryMark.VERSION + "\" OR HEADER " + SampleMark.HEADER + " \"" + CanaryMark.VERSION
            + "\" HEADER Content-Type \"multipart/report\"";

    private final IMAPStore store;
    private final IMAPFolder first;

    private MailboxConnection(IMAPStore store, IMAPFolder first) {
        this.store = store;
        this.first = first;
    }

    /**
     * Logs in and opens the first folder.
     *
     * @param silence the longest time in which the server need not say anything
     * @param timers runs the write timeouts
     */
    static MailboxConnection open(ImapSettings settings, Duration silence, ScheduledExecutorService timers)
            throws MessagingException {
        String protocol = settings.tls() == Tls.IMPLICIT ? "imaps" : "imap";
        Session session = Session.getInstance(properties(protocol, settings, silence, timers));
        IMAPStore store = (IMAPStore) session.getStore(protocol);
        try {
            store.connect(settings.host(), settings.port(), settings.user(), settings.password());
            IMAPFolder first = (IMAPFolder) store.getFolder(settings.folders().get(0));
            first.open(Folder.READ_WRITE);
            return new MailboxConnection(store, first);
        } catch (MessagingException e) {
            store.close();
            throw e;
        }
    }

    private static Properties properties(
            String protocol, ImapSettings settings, Duration silence, ScheduledExecutorService timers) {
        Properties properties = new Properties();
        String prefix = "mail." + protocol + ".";
        // All of these are infinite unless set.
        properties.setProperty(prefix + "connectiontimeout", millis(CONNECT_TIMEOUT));
        properties.setProperty(prefix + "timeout", millis(ANSWER_TIMEOUT.plus(silence)));
        properties.setProperty(prefix + "writetimeout", millis(ANSWER_TIMEOUT));
        properties.put(prefix + "executor.writetimeout", timers);
        properties.setProperty(prefix + "peek", "true");
        properties.setProperty(prefix + "partialfetch", "false");
        // A mailbox that cannot be written is read all the same; it is only not cleaned up.
        properties.setProperty(prefix + "allowreadonlyselect", "true");
        boolean startTls = settings.tls() == Tls.STARTTLS;
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(startTls));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(startTls));
        return properties;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    /** The first folder, open. */
    IMAPFolder first() {
        return first;
    }

    /** Another folder, opened; empty if there is none of this name, in which case no canary can be in it. */
    Optional<IMAPFolder> open(String name) throws MessagingException {
        IMAPFolder folder = (IMAPFolder) store.getFolder(name);
        if (!folder.exists()) {
            return Optional.empty();
        }
        folder.open(Folder.READ_WRITE);
        return Optional.of(folder);
    }

    boolean canIdle() throws MessagingException {
        return store.hasCapability("IDLE");
    }

    boolean canExpungeByUid() throws MessagingException {
        return store.hasCapability("UIDPLUS");
    }

    /** Returns at an announcement of the server or at {@link #interrupt()} (RFC 2177). */
    void idle() throws MessagingException {
        first.idle(true);
    }

    /** Ends {@link #idle()}; from any thread. */
    void interrupt() throws MessagingException {
        // Any command ends it.
        Object nothing = first.doCommand(p -> null);
        assert nothing == null;
    }

    /**
     * UIDs from one on of messages that may be canaries, samples or failure notices. Servers search for parts of values, so what is
     * found is to be looked at.
     */
    static List<Long> search(IMAPFolder folder, long from) throws MessagingException {
        Object found = folder.doCommand(p -> search(p, from));
        return found instanceof long[] uids
                ? java.util.Arrays.stream(uids)
                        .filter(uid -> uid >= from)
                        .sorted()
                        .boxed()
                        .toList()
                : List.of();
    }

    private static long[] search(IMAPProtocol protocol, long from) throws org.eclipse.angus.mail.iap.ProtocolException {
        Response[] responses = protocol.command(String.format(java.util.Locale.ROOT, SEARCH, from), null);
        java.util.stream.LongStream.Builder uids = java.util.stream.LongStream.builder();
        for (int i = 0; i < responses.length - 1; i++) {
            if (responses[i] instanceof IMAPResponse response && response.keyEquals("SEARCH")) {
                for (long uid = response.readLong(); uid != -1; uid = response.readLong()) {
                    uids.add(uid);
                }
                responses[i] = null;
            }
        }
        protocol.notifyResponseHandlers(responses);
        protocol.handleResult(responses[responses.length - 1]);
        return uids.build().toArray();
    }

    /** UID of the newest message, 0 if there is none. */
    static long newestUid(IMAPFolder folder) throws MessagingException {
        int count = folder.getMessageCount();
        return count == 0 ? 0 : folder.getUID(folder.getMessage(count));
    }

    /** A message to the octet; empty if it is gone, or larger than any canary or failure notice. */
    static Optional<byte[]> octets(Message message) throws MessagingException {
        if (message.getSize() > MAX_OCTETS) {
            return Optional.empty();
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try {
            message.writeTo(out);
            return Optional.of(out.toByteArray());
        } catch (IOException e) {
            throw new MessagingException("a message cannot be read", e);
        }
    }

    /** Removes one message, and no other that is marked as deleted (RFC 4315 section 2.1). */
    void remove(IMAPFolder folder, Message message) throws MessagingException {
        message.setFlag(Flags.Flag.DELETED, true);
        if (canExpungeByUid()) {
            folder.expunge(new Message[] {message});
        }
    }

    @Override
    public void close() throws MessagingException {
        store.close();
    }
}
