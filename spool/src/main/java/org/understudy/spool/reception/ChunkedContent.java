package org.understudy.spool.reception;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.understudy.smtp.Reply;

/**
 * Content that comes by BDAT, over several commands (RFC 3030). Its octets are counted, not searched for an end. Confined to the
 * session's event loop; must be closed.
 */
final class ChunkedContent implements AutoCloseable {
    private final ContentReception content;
    private boolean afterCr;
    private boolean bareCrOrLf;

    ChunkedContent(ContentReception content) {
        this.content = content;
    }

    void abandon() {
        content.abandon();
    }

    /** Takes octets of a chunk. */
    void take(byte[] octets, int offset, int length) {
        checkLineEnds(octets, offset, offset + length);
        content.take(octets, offset, length);
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
    CompletableFuture<Completion> finish(Executor loop) {
        return content.finish(bareCrOrLf || afterCr, loop);
    }

    @Override
    public void close() {
        content.close();
    }
}
