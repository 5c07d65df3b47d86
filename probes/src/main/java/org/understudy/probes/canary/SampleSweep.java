package org.understudy.probes.canary;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import java.util.List;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes samples from a mailbox: they have done their work when a server has answered. Thread-safe. */
final class SampleSweep {
    private static final Logger LOG = LoggerFactory.getLogger(SampleSweep.class);

    private final CanarySigner signer;

    SampleSweep(CanarySigner signer) {
        this.signer = signer;
    }

    /** What a message says of itself, asked from the server. */
    static List<String> marks(Message message) throws MessagingException {
        String[] marks = message.getHeader(SampleMark.HEADER);
        return marks == null ? List.of() : List.of(marks);
    }

    /** Removes a message if the mark that it has is ours. */
    void sweep(MailboxConnection connection, IMAPFolder folder, Message message, List<String> marks) {
        boolean ours = marks.size() == 1
                && SampleMark.parse(marks.get(0).replaceAll("\\r?\\n", ""))
                        .filter(signer::isOurs)
                        .isPresent();
        if (ours) {
            remove(connection, folder, message);
        }
    }

    private static void remove(MailboxConnection connection, IMAPFolder folder, Message message) {
        try {
            connection.remove(folder, message);
        } catch (MessagingException e) {
            // Not to be able to clean up does not make the mailbox unreadable.
            LOG.warn("a sample in {} cannot be removed: {}", folder.getFullName(), e.getMessage());
        }
    }
}
