package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/** What a client may say in MAIL and RCPT comes back from the disk as it was said. Lines of text, the first one of MAIL. */
class StoredEnvelopeFuzzTest {
    /** Longer ones are no command lines. */
    private static final int MAX_OCTETS = 2048;

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "FROM:<jo@example.org> SIZE=7 BODY=8BITMIME ENVID=a+2Bb RET=FULL\nTO:<postmaster>\nTO:<a@example.org> NOTIFY=NEVER",
                        "FROM:<>\nTO:<\"a@b>c\\\" d\"@[IPv6:2001:db8::1]> ORCPT=rfc822;a+40b",
                        "FROM:<d\u00f6rte@ex\u00e4mple.org> SMTPUTF8\nTO:<\u4e2d@example.org> ORCPT=utf-8;d\u00f6rte\u3000 X")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void envelope(byte[] octets) throws IOException {
        if (octets.length > MAX_OCTETS) {
            return;
        }
        String[] lines = new String(octets, StandardCharsets.UTF_8).split("\n", -1);
        PathCommand.Mail mail;
        try {
            mail = PathCommand.parseMail(lines[0]);
        } catch (SmtpSyntaxException e) {
            return;
        }
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            recipient(lines[i]).ifPresent(recipients::add);
        }
        if (recipients.isEmpty()) {
            return;
        }
        Origin origin = new Origin(
                InetAddress.getLoopbackAddress(), lines[lines.length - 1], "ESMTP", Optional.empty(), Instant.EPOCH);
        StoredEnvelope stored = new StoredEnvelope(
                new QueueId("ABC123"), origin, new Envelope(mail.reversePath(), mail.parameters(), recipients));
        StoredEnvelope back = StoredEnvelope.decode(stored.encode());
        assertThat(back).isEqualTo(stored);
        assertThat(back.envelope().parameters()).hasToString(mail.parameters().toString());
        assertThat(back.envelope().recipients()).hasToString(recipients.toString());
    }

    private static Optional<Recipient> recipient(String line) {
        try {
            return Optional.of(PathCommand.parseRcpt(line));
        } catch (SmtpSyntaxException e) {
            return Optional.empty();
        }
    }
}
