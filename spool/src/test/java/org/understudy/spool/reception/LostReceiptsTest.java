package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.QueueId;

class LostReceiptsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static Fingerprint fingerprint(String client, String... localParts) throws UnknownHostException {
        Envelope envelope = new Envelope(
                ReversePath.NULL,
                EsmtpParameters.NONE,
                Stream.of(localParts)
                        .map(local -> Recipient.of(new ForwardPath(local, Optional.of("example.org"))))
                        .toList());
        return Fingerprint.of(InetAddress.getByName(client), envelope, new byte[32]);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "192.0.2.1, 192.0.2.254, true",
        "192.0.2.1, 192.0.3.1, false",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false"
    })
    void fingerprint_isThatOfTheNetwork(String one, String other, boolean same) throws UnknownHostException {
        assertThat(fingerprint(one, "a").equals(fingerprint(other, "a"))).isEqualTo(same);
    }

    @Test
    void fingerprint_orderOfRecipients_doesNotMatter() throws UnknownHostException {
        assertThat(fingerprint("192.0.2.1", "a", "b")).isEqualTo(fingerprint("192.0.2.1", "b", "a"));
        assertThat(fingerprint("192.0.2.1", "a", "b")).isNotEqualTo(fingerprint("192.0.2.1", "ab"));
        assertThat(fingerprint("192.0.2.1", "a", "b")).isNotEqualTo(fingerprint("192.0.2.1", "a"));
    }

    @Test
    void tooMany_oldestGoes() {
        LostReceipts receipts = new LostReceipts();
        for (int i = 0; i <= 10_000; i++) {
            receipts.add(new Receipt(new Fingerprint(i, 0), new QueueId("1" + String.format("%06d", i))), NOW);
        }
        assertThat(receipts.take(new Fingerprint(0, 0), NOW)).isEmpty();
        assertThat(receipts.take(new Fingerprint(1, 0), NOW)).contains(new QueueId("1000001"));
        assertThat(receipts.take(new Fingerprint(10_000, 0), NOW)).isPresent();
    }
}
