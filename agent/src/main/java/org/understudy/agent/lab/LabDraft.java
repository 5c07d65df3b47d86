package org.understudy.agent.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/** A message on its way into a {@link MessageDirectory}. Confined to one thread. */
final class LabDraft implements MessageDraft {
    private static final Logger LOG = LoggerFactory.getLogger(LabDraft.class);

    private final QueueId id;
    private final Path temporary;
    private final Envelope envelope;
    private final Origin origin;
    private final MessageDirectory directory;
    private final ContentDigest digest = new ContentDigest();
    private @Nullable FileChannel channel;
    private @Nullable IOException failure;
    private boolean ended;

    LabDraft(QueueId id, Path content, Envelope envelope, Origin origin, MessageDirectory directory) {
        this.id = id;
        this.temporary = LabFiles.temporary(content);
        this.envelope = envelope;
        this.origin = origin;
        this.directory = directory;
        try {
            channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public QueueId id() {
        return id;
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        FileChannel out = channel;
        if (out == null || failure != null) {
            return;
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(octets, offset, length);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            digest.update(octets, offset, length);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public CommitResult commit() {
        FileChannel out = channel;
        try {
            if (failure != null) {
                throw failure;
            }
            if (out == null) {
                throw new IOException("the draft has ended");
            }
            out.force(true);
            out.close();
            directory.settle(message());
            ended = true;
            return CommitResult.STORED;
        } catch (IOException e) {
            LOG.warn("message {} is not stored: {}", id, e.toString());
            discard();
            return CommitResult.FAILED;
        }
    }

    private StoredMessage message() {
        return new StoredMessage(
                id.text(),
                origin.arrival(),
                envelope.reversePath().toString(),
                envelope.parameters().toString().strip(),
                envelope.recipients().stream().map(r -> r.path().address()).toList(),
                origin.client().getHostAddress(),
                origin.heloName(),
                origin.protocol(),
                origin.tlsProtocol().orElse(""),
                digest.size(),
                digest.whole(),
                digest.belowTrace());
    }

    @Override
    public void discard() {
        if (ended) {
            return;
        }
        ended = true;
        directory.abandon(id);
        try {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.warn("what was left of message {} is removed at the next start: {}", id, e.toString());
        }
    }
}
