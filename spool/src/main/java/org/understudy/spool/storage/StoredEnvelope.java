package org.understudy.spool.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * A message without its content, as it stands in front of the content on disk. It ends in a CRC32C of its own, because it is
 * read without the content that the checksum of the record covers as well.
 */
record StoredEnvelope(QueueId id, Origin origin, Envelope envelope) {

    byte[] encode() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(id.text());
            out.writeLong(origin.arrival().toEpochMilli());
            byte[] client = origin.client().getAddress();
            out.writeByte(client.length);
            out.write(client);
            out.writeUTF(origin.heloName());
            out.writeUTF(origin.protocol());
            out.writeUTF(origin.tlsProtocol().orElse(""));
            out.writeUTF(envelope.reversePath().toString());
            out.writeUTF(envelope.parameters().toString());
            out.writeInt(envelope.recipients().size());
            for (Recipient recipient : envelope.recipients()) {
                out.writeUTF(recipient.path().toString());
                out.writeUTF(recipient.parameters().toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] body = octets.toByteArray();
        return ByteBuffer.allocate(body.length + Integer.BYTES)
                .put(body)
                .putInt(checksum(body, body.length))
                .array();
    }

    private static int checksum(byte[] octets, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, 0, length);
        return (int) crc.getValue();
    }

    /** @throws IOException if the octets are no envelope */
    static StoredEnvelope decode(byte[] octets) throws IOException {
        int length = octets.length - Integer.BYTES;
        if (length < 0 || ByteBuffer.wrap(octets, length, Integer.BYTES).getInt() != checksum(octets, length)) {
            throw new IOException("the envelope does not match its checksum");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            QueueId id = new QueueId(in.readUTF());
            Instant arrival = Instant.ofEpochMilli(in.readLong());
            byte[] client = in.readNBytes(in.readUnsignedByte());
            String helo = in.readUTF();
            String protocol = in.readUTF();
            String tls = in.readUTF();
            Origin origin = new Origin(
                    InetAddress.getByAddress(client),
                    helo,
                    protocol,
                    tls.isEmpty() ? Optional.empty() : Optional.of(tls),
                    arrival);
            ReversePath reversePath = StoredPaths.reversePath(in.readUTF());
            EsmtpParameters parameters = StoredPaths.parameters(in.readUTF());
            int count = in.readInt();
            List<Recipient> recipients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                recipients.add(StoredPaths.recipient(in.readUTF(), in.readUTF()));
            }
            return new StoredEnvelope(id, origin, new Envelope(reversePath, parameters, recipients));
        } catch (IllegalArgumentException e) {
            throw new IOException("not an envelope: " + e.getMessage(), e);
        }
    }
}
