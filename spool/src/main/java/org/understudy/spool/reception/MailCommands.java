package org.understudy.spool.reception;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;
import org.understudy.spool.Origin;

/**
 * MAIL, RCPT, DATA, BDAT and RSET: the transactions of a session, one after the other. Confined to the session's thread, except
 * {@link #isOpen()} for whoever keeps that thread from handling a command; must be closed.
 */
final class MailCommands implements AutoCloseable {
    /** MAIL commands in a session, refused ones as well; announced as MAILMAX (RFC 9422). */
    static final int MOST_MESSAGES = 100_000;

    private final Reception reception;
    private final SessionIo io;
    private Offer offer;
    private @Nullable Transaction transaction;
    /** What a chunk was refused with; other chunks of its message may be on their way. */
    private @Nullable Reply refusedChunk;
    /** Of messages whose 250 the client has not yet shown to have read. */
    private final List<Receipt> unconfirmed = new ArrayList<>();

    private int messages;

    MailCommands(Reception reception, SessionIo io) {
        this.reception = reception;
        this.io = io;
        this.offer = offer(reception);
    }

    /** Where a message comes from, as its trace field has it. */
    interface OriginOf {
        Origin transaction(boolean internationalized);
    }

    /** What EHLO offers from now on. */
    Offer renewOffer() {
        offer = offer(reception);
        return offer;
    }

    private static Offer offer(Reception reception) {
        return Offer.of(reception.settings().maximumMessageBytes(), reception.nextHops());
    }

    boolean isOpen() {
        return transaction != null;
    }

    Reply mail(String argument) {
        if (reception.isDraining()) {
            return Replies.SHUTTING_DOWN;
        }
        if (++messages > MOST_MESSAGES) {
            return Replies.TOO_MANY_MESSAGES;
        }
        if (transaction != null) {
            return Replies.NESTED_MAIL;
        }
        refusedChunk = null;
        Transaction.Beginning beginning = Transaction.begin(reception, argument, offer);
        transaction = beginning.transaction().orElse(null);
        return beginning.reply();
    }

    Reply rcpt(String argument) {
        return transaction == null ? Replies.MAIL_FIRST : transaction.addRecipient(argument);
    }

    /** RSET, and what EHLO does besides. */
    void reset() {
        if (transaction != null) {
            transaction.close();
        }
        transaction = null;
        refusedChunk = null;
    }

    /** The reply to DATA or to the content; empty if the connection ended before its end. */
    Optional<Reply> data(OriginOf origin) throws IOException {
        Transaction open = transaction;
        if (open == null) {
            return Optional.of(Replies.MAIL_FIRST);
        }
        if (open.hasChunks()) {
            // RFC 3030 section 2: not mixed in one transaction.
            return Optional.of(Replies.CONTENT_HAS_BEGUN);
        }
        Optional<Reply> refusal = open.refusalOfContent();
        if (refusal.isPresent()) {
            return refusal;
        }
        try (ContentReception content = open.receive(origin.transaction(open.isInternationalized()))) {
            io.say(Replies.START_CONTENT);
            ContentScanner scanner = new ContentScanner(content);
            return readTo(scanner) ? Optional.of(complete(content.finish(scanner.hasBareCrOrLf()))) : content.abandon();
        }
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

    /**
     * The reply to BDAT (RFC 3030 section 2), after the octets that it announces were read, whatever became of them; empty if the
     * connection ended before the last of them.
     */
    Optional<Reply> bdat(String argument, OriginOf origin) throws IOException {
        Optional<Chunk> parsed = Chunk.parse(argument);
        if (parsed.isEmpty()) {
            return Optional.of(Replies.BAD_CHUNK);
        }
        Chunk chunk = parsed.get();
        Transaction open = transaction;
        if (open == null || !chunk.wellFormed() || open.refusalOfContent().isPresent()) {
            return ChunkedContent.discard(io, chunk.size())
                    ? Optional.of(refuse(chunk, refusalOfChunk(chunk, open)))
                    : Optional.empty();
        }
        ChunkedContent content = open.chunks(origin.transaction(open.isInternationalized()));
        if (!content.read(io, chunk.size())) {
            return content.abandon();
        }
        Optional<Reply> refusal = content.refusal();
        if (refusal.isPresent()) {
            return Optional.of(refuse(chunk, refusal.get()));
        }
        return Optional.of(chunk.last() ? complete(content.finish()) : Replies.chunk(chunk.size()));
    }

    private Reply refusalOfChunk(Chunk chunk, @Nullable Transaction open) {
        if (open == null) {
            return refusedChunk == null ? Replies.MAIL_FIRST : refusedChunk;
        }
        return chunk.wellFormed() ? open.refusalOfContent().orElse(Replies.NO_RECIPIENTS) : Replies.BAD_END_MARKER;
    }

    /**
     * A message is lost with one of its chunks. Those that are on their way get the same answer, so that the last word on the
     * message is not another one than the first.
     */
    private Reply refuse(Chunk chunk, Reply reply) {
        reset();
        refusedChunk = chunk.last() ? null : reply;
        return reply;
    }

    private Reply complete(Completion completion) {
        reset();
        completion.receipt().ifPresent(unconfirmed::add);
        return completion.reply();
    }

    /** The client went on after our replies, so it has read them. */
    void confirmReceipts() {
        unconfirmed.clear();
    }

    /** The session is over: drops an open transaction and remembers which replies were perhaps not read. */
    @Override
    public void close() {
        reset();
        unconfirmed.forEach(receipt -> reception.lostReceipts().add(receipt, reception.now()));
        unconfirmed.clear();
    }
}
