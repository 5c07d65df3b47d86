package org.understudy.spool.reception;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Reply;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;
import org.understudy.spool.ReceptionSettings;

/**
 * What follows the 354: content into a draft, and the one reply. Whatever goes wrong on our side, the content is read to its
 * end first, so that none of it is ever taken for commands. Used once.
 */
final class ContentReception {
    private static final Logger LOG = LoggerFactory.getLogger(ContentReception.class);

    private final Reception reception;
    private final ReceptionSettings settings;
    private final SessionIo io;
    private final Envelope envelope;
    private final Origin origin;

    ContentReception(Reception reception, SessionIo io, Envelope envelope, Origin origin) {
        this.reception = reception;
        this.settings = reception.settings();
        this.io = io;
        this.envelope = envelope;
        this.origin = origin;
    }

    /**
     * Receives the content and makes it durable.
     *
     * @return the reply to the final dot; empty if the connection ended before it
     */
    Optional<Reply> receive() throws IOException {
        MessageDraft draft = reception.intake().begin(envelope, origin);
        try {
            return receive(draft);
        } finally {
            draft.discard();
        }
    }

    private Optional<Reply> receive(MessageDraft draft) throws IOException {
        Intake intake = new Intake(draft);
        byte[] trace = TraceField.of(settings.hostName().text(), origin, envelope, draft.id());
        draft.write(trace, 0, trace.length);
        ContentScanner scanner = new ContentScanner(intake::take);
        if (!readTo(scanner)) {
            LOG.info(
                    "{}: {} left in the middle of the content",
                    draft.id(),
                    origin.client().getHostAddress());
            return Optional.empty();
        }
        if (intake.size > settings.maximumMessageBytes()) {
            return Optional.of(Replies.TOO_BIG);
        }
        if (scanner.hasBareCrOrLf()) {
            return Optional.of(Replies.BARE_CR_OR_LF);
        }
        if (intake.hops.hops() > settings.maximumHops()) {
            return Optional.of(Replies.TOO_MANY_HOPS);
        }
        return Optional.of(intake.failed ? Replies.LOCAL_ERROR : commit(draft, intake.size));
    }

    /** Reads to the end of the content; false if the connection ended before. */
    private boolean readTo(ContentScanner scanner) throws IOException {
        io.beginContent();
        while (true) {
            ByteBuffer octets = io.content();
            if (!octets.hasRemaining()) {
                return false;
            }
            int from = octets.arrayOffset() + octets.position();
            int end = scanner.scan(octets.array(), from, from + octets.remaining());
            if (end != ContentScanner.GOES_ON) {
                io.take(end - from);
                return true;
            }
            io.take(octets.remaining());
        }
    }

    private Reply commit(MessageDraft draft, long size) {
        try {
            return switch (draft.commit()) {
                case STORED -> {
                    LOG.info(
                            "{}: from={} client={} helo={} nrcpt={} size={}",
                            draft.id(),
                            envelope.reversePath(),
                            origin.client().getHostAddress(),
                            origin.heloName(),
                            envelope.recipients().size(),
                            size);
                    reception.countAccepted();
                    yield Replies.queued(draft.id());
                }
                case NO_SPACE -> Replies.NO_SPACE;
                case FAILED -> Replies.LOCAL_ERROR;
            };
        } catch (RuntimeException e) {
            LOG.error("{} could not be stored", draft.id(), e);
            return Replies.LOCAL_ERROR;
        }
    }

    /** Hands content on as long as that makes sense; what comes after is only read. */
    private final class Intake {
        private final MessageDraft draft;
        private final HopCounter hops = new HopCounter();
        private long size;
        private boolean failed;

        Intake(MessageDraft draft) {
            this.draft = draft;
        }

        void take(byte[] octets, int offset, int length) {
            size += length;
            if (failed || size > settings.maximumMessageBytes()) {
                return;
            }
            hops.see(octets, offset, length);
            try {
                draft.write(octets, offset, length);
            } catch (RuntimeException e) {
                failed = true;
                LOG.error("{} could not be written", draft.id(), e);
            }
        }
    }
}
