package org.understudy.spool.storage;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.QueueId;
import org.understudy.spool.storage.IndexEntry.Location;

/** Content in a segment or a file of its own, checked against its checksum while it is read. */
record StoredContent(StoredMessages messages, QueueId id, Location location) implements MessageContent {

    @Override
    public long size() {
        return location.size();
    }

    /** A stream that fails before its end if what was read is not what was stored. */
    @Override
    public InputStream open() throws IOException {
        return messages.follow(id, location, StoredContent::open);
    }

    private static InputStream open(Path file, Location location) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(location.contentPosition());
        return new CheckedContent(new BufferedInputStream(Channels.newInputStream(channel)), location);
    }

    private static final class CheckedContent extends InputStream {
        private final InputStream in;
        private final int expected;
        private final CRC32C crc = new CRC32C();
        private long left;

        CheckedContent(InputStream in, Location location) {
            this.in = in;
            this.expected = location.crc();
            this.left = location.size();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                if ((int) crc.getValue() != expected) {
                    throw new IOException("the stored content does not match its checksum");
                }
                return -1;
            }
            int n = in.read(octets, offset, (int) Math.min(left, length));
            if (n < 0) {
                throw new EOFException("the stored content is cut short");
            }
            crc.update(ByteBuffer.wrap(octets, offset, n));
            left -= n;
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
