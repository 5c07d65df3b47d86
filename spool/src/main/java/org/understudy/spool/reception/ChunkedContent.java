package org.understudy.spool.reception;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.understudy.smtp.Reply;

/**
 * Content that comes by BDAT, over several commands (RFC 3030). Its octets are counted, not searched for an end. Confined to the
 * session's thread; must be closed.
 */
final class ChunkedContent implements AutoCloseable {
    private final ContentReception content;
    private boolean afterCr;
    private boolean bareCrOrLf;

    ChunkedContent(ContentReception content) {
        this.content = content;
    }

    Optional<Reply> abandon() {
        return content.abandon();
    }

    /** Reads the octets of one chunk; false if the connection ended before the last of them. */
    boolean read(SessionIo io, long octets) throws IOException {
        return read(io, octets, (block, offset, length) -> {
            checkLineEnds(block, offset, offset + length);
            content.take(block, offset, length);
        });
    }

    /** Reads the octets of a chunk that is refused, so that none of them is taken for a command. */
    static boolean discard(SessionIo io, long octets) throws IOException {
        return read(io, octets, (block, offset, length) -> {});
    }

    private static boolean read(SessionIo io, long octets, ContentScanner.Sink sink) throws IOException {
        io.beginContent();
        long left = octets;
        while (left > 0) {
            ByteBuffer block = io.content();
            if (!block.hasRemaining()) {
                return false;
            }
            int length = (int) Math.min(left, block.remaining());
            sink.take(block.array(), block.arrayOffset() + block.position(), length);
            io.take(length);
            left -= length;
        }
        return true;
    }

    /** We hand on by DATA, where a CR or LF that stands alone could pass for an end of line. */
    private void checkLineEnds(byte[] octets, int from, int to) {
        for (int i = from; i < to && !bareCrOrLf; i++) {
            byte octet = octets[i];
            if (octet > '\r' && !afterCr) {
                continue;
            }
            if (octet == '\n' || afterCr) {
                bareCrOrLf = (octet == '\n') != afterCr;
            }
            afterCr = octet == '\r';
        }
    }

    /** Why the chunks until now are no message and cannot become one. */
    Optional<Reply> refusal() {
        return content.refusal(bareCrOrLf);
    }

    /** What becomes of the message after its last chunk. */
    Completion finish() {
        return content.finish(bareCrOrLf || afterCr);
    }

    @Override
    public void close() {
        content.close();
    }
}
