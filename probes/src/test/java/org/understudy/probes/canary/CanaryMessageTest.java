package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.probes.canary.storage.Place;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

class CanaryMessageTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-03T04:05:06.789Z"), ZoneOffset.UTC);
    private static final CanarySigner SIGNER = new CanarySigner(new byte[32], CLOCK);
    private static final Exchanger MX1 = new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25);

    private static CanaryMessage message(String senderLocalPart) {
        CanarySettings settings = new CanarySettings(
                new Mailbox("canary", "example.org"),
                new Mailbox(senderLocalPart, "example.net"),
                new ImapSettings("imap.example.org", 993, ImapSettings.Tls.IMPLICIT, "u", "p", List.of("INBOX")),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofMinutes(30));
        MailDomain domain = new MailDomain(new DomainName("example.org"), List.of(List.of(MX1)));
        CanaryPath path = new CanaryPath(domain, MX1, settings);
        return new CanaryMessage(SIGNER.mark(path.text()), path);
    }

    private static byte[] octets(CanaryMessage message, boolean eightBit) throws IOException {
        try (InputStream in = message.content(eightBit).open()) {
            return in.readAllBytes();
        }
    }

    @Test
    void content_asSent_hasWhatServersBreak() throws IOException {
        CanaryMessage message = message("probe");
        String text = new String(octets(message, true), StandardCharsets.ISO_8859_1);
        List<String> lines = List.of(text.split("\r\n", -1));

        assertThat(lines).anyMatch(l -> l.length() == 990).anyMatch(l -> l.startsWith(".This"));
        assertThat(lines).allMatch(l -> l.length() <= 998);
        assertThat(text).matches(t -> t.chars().anyMatch(c -> c > 0x7f)).hasSizeBetween(1000, 2560);
        assertThat(text.replace("\r\n", "")).doesNotContain("\n", "\r");
        assertThat(lines)
                .contains(
                        "Date: Tue, 3 Nov 2026 04:05:06 +0000", "Auto-Submitted: auto-generated", "MIME-Version: 1.0");
        assertThat(text)
                .contains("Message-ID: <" + message.mark().label() + "@example.net>")
                .contains("[" + message.mark().label() + "]");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void content_readBack_isOursAndUnchanged(boolean eightBit) throws Exception {
        CanaryMessage message = message("probe");
        ArrivedMessage arrived =
                new ArrivedMessage(new Place("m", "INBOX", 1, 1), Optional.empty(), false, octets(message, eightBit));
        CanaryMark mark =
                CanaryMark.parse(arrived.firstHeader(CanaryMark.HEADER)).orElseThrow();

        assertThat(mark).isEqualTo(message.mark());
        assertThat(SIGNER.isOurs(mark)).isTrue();
        assertThat(arrived.bodyDigest()).isEqualTo(message.bodyDigest());
    }

    @Test
    void mark_anyPartChanged_isNotOurs() {
        CanaryMark mark = SIGNER.mark("example.org/mx1.example.org");

        assertThat(mark.id()).hasSize(26);
        assertThat(mark.token()).hasSize(20).matches("[a-z2-7]+");
        assertThat(SIGNER.isOurs(
                        new CanaryMark(mark.id(), "example.org/mx2.example.org", mark.createdAt(), mark.token())))
                .isFalse();
        assertThat(SIGNER.isOurs(
                        new CanaryMark(mark.id(), mark.path(), mark.createdAt().plusMillis(1), mark.token())))
                .isFalse();
        byte[] other = new byte[32];
        other[31] = 1;
        assertThat(new CanarySigner(other, CLOCK).isOurs(mark)).isFalse();
        assertThat(SIGNER.mark("p").id()).startsWith(mark.id().substring(0, 10)).isNotEqualTo(mark.id());
    }

    @Test
    void envelope_longLocalPart_staysWithin64Octets() {
        assertThat(message("probe").envelope().reversePath().toString())
                .matches("<probe\\+[0-9A-Z]{26}\\.[a-z2-7]{20}@example.net>");
        assertThat(message("a".repeat(30)).envelope().reversePath().toString())
                .matches("<a{30}\\+[0-9A-Z]{26}@example.net>");
        assertThat(message("a".repeat(60)).envelope().reversePath().toString())
                .isEqualTo("<" + "a".repeat(60) + "@example.net>");
    }

    @ParameterizedTest
    @CsvSource({
        "2.0.0 Ok: queued as 4F5A1B,4F5A1B",
        "OK id=1x2Y3z-0001AB-2C,1x2Y3z-0001AB-2C",
        "2.0.0 01J9ZKQ4M8X,01J9ZKQ4M8X",
        "2.6.0 <a@b> [InternalId=1234] Queued mail for delivery,''",
        "Thank you,''",
    })
    void queueId_ofKnownServers_isRead(String text, String id) {
        assertThat(QueueIds.in(text)).isEqualTo(id);
    }
}
