package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

class StoredEnvelopeTest {

    private static StoredEnvelope stored(Envelope envelope) {
        Origin origin =
                new Origin(InetAddress.getLoopbackAddress(), "client.test", "ESMTP", Optional.empty(), Instant.EPOCH);
        return new StoredEnvelope(new QueueId("ABC123"), origin, envelope);
    }

    @Test
    void parameter_endsInSpaceOfUnicode_comesBackWhole() throws SmtpSyntaxException, IOException {
        StoredEnvelope stored = stored(new Envelope(
                ReversePath.NULL,
                EsmtpParameters.NONE,
                List.of(PathCommand.parseRcpt("TO:<jo@example.org> ORCPT=utf-8;d\u00f6rte\u3000"))));
        assertThat(StoredEnvelope.decode(stored.encode())).isEqualTo(stored);
    }

    @Test
    void reversePath_withoutDomain_isNoEnvelope() throws SmtpSyntaxException {
        byte[] octets = stored(new Envelope(
                        ReversePath.of(new Mailbox("jo", "example.org")),
                        EsmtpParameters.NONE,
                        List.of(PathCommand.parseRcpt("TO:<postmaster>"))))
                .encode();
        byte[] body = new String(octets, StandardCharsets.ISO_8859_1)
                .replace("<jo@example.org>", "<jo.example.org>")
                .getBytes(StandardCharsets.ISO_8859_1);
        CRC32C crc = new CRC32C();
        crc.update(body, 0, body.length - Integer.BYTES);
        ByteBuffer.wrap(body).putInt(body.length - Integer.BYTES, (int) crc.getValue());
        assertThatThrownBy(() -> StoredEnvelope.decode(body))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("<jo.example.org>");
    }
}
