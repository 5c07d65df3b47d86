package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The segment that is being appended to. Confined to the committer's thread; no other thread may touch its channel, because an
 * interrupt would close it.
 */
final class Segment implements AutoCloseable {
    static final int MAGIC = 0x55535047; // "USPG"
    static final int FORMAT = 1;
    static final int HEADER_BYTES = 16;
    /** Length, CRC32C, type. */
    static final int RECORD_HEADER_BYTES = 9;

    static final byte MESSAGE = 1;
    static final byte OUTCOME = 2;
    /** Zeros are written ahead in steps of this size, so that a sync need not update the length of the file. */
    private static final int PREALLOCATION = 4 * 1024 * 1024;

    private final long number;
    private final FileChannel channel;
    private long position = HEADER_BYTES;
    private long allocated = HEADER_BYTES;

    private Segment(long number, FileChannel channel) {
        this.number = number;
        this.channel = channel;
    }

    static Path file(Path directory, long number) {
        return directory.resolve(String.format("%012d.seg", number));
    }

    /** Makes a new segment; when this returns its name and header are durable. */
    static Segment create(Path directory, long number) throws IOException {
        FileChannel channel = FileChannel.open(
                file(directory, number),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                StoreDirectory.PRIVATE_FILE);
        Segment segment = new Segment(number, channel);
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            header.putInt(MAGIC).putInt(FORMAT).putLong(number).flip();
            segment.writeAt(header, 0);
            segment.allocate(PREALLOCATION);
            channel.force(true);
            StoreDirectory.sync(directory);
            return segment;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long number() {
        return number;
    }

    /** Where the next record begins. */
    long position() {
        return position;
    }

    /**
     * Appends a record; durable only after {@link #sync()}.
     *
     * @return position of the first octet of its payload
     */
    long append(byte type, List<ByteBuffer> payload) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(type);
        int length = 0;
        for (ByteBuffer part : payload) {
            length += part.remaining();
            crc.update(part.duplicate());
        }
        allocate(position + RECORD_HEADER_BYTES + length);
        ByteBuffer[] buffers = new ByteBuffer[payload.size() + 1];
        ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER_BYTES);
        header.putInt(length).putInt((int) crc.getValue()).put(type).flip();
        buffers[0] = header;
        for (int i = 0; i < payload.size(); i++) {
            buffers[i + 1] = payload.get(i).duplicate();
        }
        channel.position(position);
        long left = RECORD_HEADER_BYTES + (long) length;
        while (left > 0) {
            left -= channel.write(buffers);
        }
        long payloadPosition = position + RECORD_HEADER_BYTES;
        position = payloadPosition + length;
        return payloadPosition;
    }

    void sync() throws IOException {
        channel.force(false);
    }

    private void allocate(long needed) throws IOException {
        while (allocated < needed) {
            writeAt(ByteBuffer.allocate(PREALLOCATION), allocated);
            allocated += PREALLOCATION;
        }
    }

    private void writeAt(ByteBuffer buffer, long at) throws IOException {
        long to = at;
        while (buffer.hasRemaining()) {
            to += channel.write(buffer, to);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
