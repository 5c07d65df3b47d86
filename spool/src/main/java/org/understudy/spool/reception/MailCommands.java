package org.understudy.spool.reception;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;
import org.understudy.spool.Origin;

/**
 * MAIL, RCPT, DATA, BDAT and RSET: the transactions of a session, one after the other. Confined to the session's
 * event loop; must be closed.
 */
final class MailCommands implements AutoCloseable {
    /** MAIL commands in a session, refused ones as well; announced as MAILMAX (RFC 9422). */
    static final int MOST_MESSAGES = 100_000;

    private final Reception reception;
    private final Session session;
    private final Executor loop;
    private Offer offer;
    private @Nullable Transaction transaction;
    /** Of DATA. */
    private @Nullable ContentReception content;
    /** What comes next, if that is no command, and what is done when it came whole. */
    private @Nullable Incoming incoming;

    private Supplier<CompletableFuture<Completion>> whenWhole = MailCommands::nothing;
    /** What a chunk was refused with; other chunks of its message may be on their way. */
    private @Nullable Reply refusedChunk;
    /** Of messages whose 250 the client has not yet shown to have read. */
    private final List<Receipt> unconfirmed = new ArrayList<>();

    private int messages;

    MailCommands(Reception reception, Session session) {
        this.reception = reception;
        this.session = session;
        this.loop = session.loop();
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
        Transaction.Beginning beginning = Transaction.begin(reception, session, argument, offer);
        transaction = beginning.transaction().orElse(null);
        return beginning.reply();
    }

    /** The reply to RCPT, on the session's event loop; never a failure. */
    CompletableFuture<Reply> rcpt(String argument) {
        return transaction == null
                ? CompletableFuture.completedFuture(Replies.MAIL_FIRST)
                : transaction.addRecipient(argument);
    }

    /** RSET, and what EHLO does besides. */
    void reset() {
        if (transaction != null) {
            transaction.close();
        }
        transaction = null;
        refusedChunk = null;
        if (content != null) {
            content.close();
        }
        content = null;
    }

    /** The reply to DATA. */
    Reply data(OriginOf origin) {
        Transaction open = transaction;
        if (open == null) {
            return Replies.MAIL_FIRST;
        }
        if (open.hasChunks()) {
            // RFC 3030 section 2: not mixed in one transaction.
            return Replies.CONTENT_HAS_BEGUN;
        }
        Optional<Reply> refusal = open.refusalOfContent();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        ContentReception begun = open.receive(origin.transaction(open.isInternationalized()));
        Incoming.UpToDot upToDot = new Incoming.UpToDot(begun);
        content = begun;
        incoming = upToDot;
        whenWhole = () -> begun.finish(upToDot.hasBareCrOrLf(), loop);
        return Replies.START_CONTENT;
    }

    /** The reply to BDAT (RFC 3030 section 2); empty if the octets that it announces come first, whatever becomes of them. */
    Optional<Reply> bdat(String argument, OriginOf origin) {
        Optional<Chunk> parsed = Chunk.parse(argument);
        if (parsed.isEmpty()) {
            return Optional.of(Replies.BAD_CHUNK);
        }
        Chunk chunk = parsed.get();
        Transaction open = transaction;
        if (open == null || !chunk.wellFormed() || open.refusalOfContent().isPresent()) {
            incoming = new Incoming.Counted(chunk.size(), (octets, offset, length) -> {});
            whenWhole = () -> done(refuse(chunk, refusalOfChunk(chunk, open)));
        } else {
            ChunkedContent chunks = open.chunks(origin.transaction(open.isInternationalized()));
            incoming = new Incoming.Counted(chunk.size(), chunks::take);
            whenWhole = () -> chunkCame(chunk, chunks);
        }
        return Optional.empty();
    }

    private CompletableFuture<Completion> chunkCame(Chunk chunk, ChunkedContent chunks) {
        Optional<Reply> refusal = chunks.refusal();
        if (refusal.isPresent()) {
            return done(refuse(chunk, refusal.get()));
        }
        return chunk.last() ? chunks.finish(loop) : done(Replies.chunk(chunk.size()));
    }

    private static CompletableFuture<Completion> done(Reply reply) {
        return CompletableFuture.completedFuture(Completion.goesOn(reply));
    }

    private static CompletableFuture<Completion> nothing() {
        throw new IllegalStateException("no content was announced");
    }

    /** True if content comes next, and no command. */
    boolean takesContent() {
        return incoming != null;
    }

    /**
     * Takes content.
     *
     * @return the index behind what was taken
     */
    int take(byte[] octets, int from, int to) {
        Incoming open = incoming;
        return open == null ? from : open.take(octets, from, to);
    }

    /** What becomes of content that came whole, soon; null while it is not whole. */
    @Nullable
    CompletableFuture<Completion> outcome() {
        Incoming open = incoming;
        if (open == null || !open.isWhole()) {
            return null;
        }
        incoming = null;
        return whenWhole.get();
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

    /** The reply to content, now that it is known what became of it. */
    Reply conclude(Completion completion) {
        if (completion.ends()) {
            reset();
        }
        completion.receipt().ifPresent(unconfirmed::add);
        return completion.reply();
    }

    /** The client went on after our replies, so it has read them. */
    void confirmReceipts() {
        unconfirmed.clear();
    }

    private void abandon() {
        if (content != null) {
            content.abandon();
        } else if (transaction != null && transaction.hasChunks()) {
            transaction.abandon();
        }
        incoming = null;
    }

    /** The session is over: drops an open transaction and remembers which replies were perhaps not read. */
    @Override
    public void close() {
        if (incoming != null) {
            abandon();
        }
        reset();
        unconfirmed.forEach(receipt -> reception.lostReceipts().add(receipt, reception.now()));
        unconfirmed.clear();
    }
}
