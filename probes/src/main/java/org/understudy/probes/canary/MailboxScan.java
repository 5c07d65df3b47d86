package org.understudy.probes.canary;

import jakarta.mail.Message;
import jakarta.mail.MessageRemovedException;
import jakarta.mail.MessagingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.Place;
import org.understudy.probes.canary.storage.PlacedCanary;

/** Looks through the new messages of a mailbox and removes canaries that are done, and samples. Confined to one thread. */
final class MailboxScan {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxScan.class);
    /** A duplicate that comes later than this is compared with the ledger, not with the first copy. */
    private static final Duration KEPT_FOR = Duration.ofHours(1);

    private static final int KEPT_NUMBER = 50;

    private final ImapSettings settings;
    private final Examiner examiner;
    private final SampleSweep samples;
    private final CanaryLedger ledger;
    private final Clock clock;
    private final Map<String, Position> positions = new HashMap<>();

    /** @param next UID of the first message that was not looked at */
    private record Position(long uidValidity, long next) {}

    MailboxScan(ImapSettings settings, Examiner examiner, SampleSweep samples, CanaryLedger ledger, Clock clock) {
        this.settings = settings;
        this.examiner = examiner;
        this.samples = samples;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Reads what is new in all folders; a message may be examined more than once. */
    void read(MailboxConnection connection) throws MessagingException {
        List<String> folders = settings.folders();
        read(connection, connection.first(), folders.get(0), false);
        for (String name : folders.subList(1, folders.size())) {
            Optional<IMAPFolder> opened = connection.open(name);
            if (opened.isPresent()) {
                readOther(connection, opened.get(), name);
            }
        }
    }

    private void readOther(MailboxConnection connection, IMAPFolder folder, String name) throws MessagingException {
        try {
            read(connection, folder, name, true);
        } finally {
            if (folder.isOpen()) {
                // Without expunging, which would be the default: what others have marked as deleted is theirs.
                folder.close(false);
            }
        }
    }

    private void read(MailboxConnection connection, IMAPFolder folder, String name, boolean junked)
            throws MessagingException {
        long uidValidity = folder.getUIDValidity();
        Position position = positions.get(name);
        // RFC 3501 section 2.3.1.1: with another UIDVALIDITY, all that is known of UIDs is void.
        long from = position != null && position.uidValidity() == uidValidity ? position.next() : 1;
        long next = Math.max(from, MailboxConnection.newestUid(folder) + 1);
        long missing = Long.MAX_VALUE;
        for (long uid : MailboxConnection.search(folder, from)) {
            Message message = folder.getMessageByUID(uid);
            if (message == null) {
                missing = Math.min(missing, uid);
                continue;
            }
            examine(connection, folder, message, new Place(settings.toString(), name, uidValidity, uid), junked);
            next = Math.max(next, uid + 1);
        }
        positions.put(name, new Position(uidValidity, Math.min(next, missing)));
        clean(connection, folder, name, uidValidity);
    }

    private void examine(MailboxConnection connection, IMAPFolder folder, Message message, Place place, boolean junked)
            throws MessagingException {
        try {
            Optional<byte[]> octets = MailboxConnection.octets(message);
            if (octets.isEmpty()) {
                // The largest sample may have grown on its way.
                samples.sweep(connection, folder, message, SampleSweep.marks(message));
                return;
            }
            ArrivedMessage arrived = new ArrivedMessage(
                    place, Optional.ofNullable(message.getReceivedDate()).map(Date::toInstant), junked, octets.get());
            List<String> marks = arrived.header(SampleMark.HEADER);
            if (marks.isEmpty()) {
                examiner.examine(arrived);
            } else {
                samples.sweep(connection, folder, message, marks);
            }
        } catch (MessageRemovedException e) {
            LOG.debug("{} was removed while it was read", place);
        }
    }

    private void clean(MailboxConnection connection, IMAPFolder folder, String name, long uidValidity) {
        List<PlacedCanary> disposable = ledger.disposable(
                settings.toString(), name, uidValidity, clock.instant().minus(KEPT_FOR), KEPT_NUMBER);
        try {
            for (PlacedCanary canary : disposable) {
                Message message = folder.getMessageByUID(canary.place().uid());
                if (message != null && isStill(message, canary)) {
                    connection.remove(folder, message);
                }
                ledger.gone(canary.place());
            }
        } catch (MessagingException e) {
            // Not to be able to clean up does not make the mailbox unreadable; a broken connection shows at the next
            // read.
            LOG.warn("canaries in {} of {} cannot be removed: {}", name, settings, e.getMessage());
        }
    }

    private static boolean isStill(Message message, PlacedCanary canary) throws MessagingException {
        String[] values = message.getHeader(CanaryMark.HEADER);
        return values != null
                && values.length == 1
                && CanaryMark.parse(values[0].replaceAll("\\r?\\n", ""))
                        .filter(m -> m.id().equals(canary.id()) && m.token().equals(canary.token()))
                        .isPresent();
    }
}
