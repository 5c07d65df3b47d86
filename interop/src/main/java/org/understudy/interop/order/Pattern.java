package org.understudy.interop.order;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.understudy.spool.QueueId;

/**
 * Octets by which a message is known again in what is written.
 *
 * @param octets eight of them
 */
record Pattern(Kind kind, QueueId id, long octets) {

    enum Kind {
        /** The end of the id's text, as envelopes hold it. */
        ID_TEXT,
        /** The id as a number of eight octets, as the index holds it. */
        ID_NUMBER,
        /** The last octets of the content but for the end of the line. */
        END_OF_CONTENT
    }

    static Pattern idText(QueueId id) {
        String text = id.text();
        byte[] end = text.substring(text.length() - Long.BYTES).getBytes(StandardCharsets.US_ASCII);
        return new Pattern(Kind.ID_TEXT, id, ByteBuffer.wrap(end).getLong());
    }

    static Pattern idNumber(QueueId id) {
        return new Pattern(Kind.ID_NUMBER, id, Long.parseLong(id.text(), 36));
    }

    static Pattern endOfContent(QueueId id, byte[] content) {
        return new Pattern(
                Kind.END_OF_CONTENT,
                id,
                ByteBuffer.wrap(content, content.length - 2 - Long.BYTES, Long.BYTES)
                        .getLong());
    }
}
