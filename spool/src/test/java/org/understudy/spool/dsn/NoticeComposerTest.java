package org.understudy.spool.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.eclipse.angus.mail.dsn.MultipartReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitState;

/** The octets of notices, read back by somebody else's parser. */
class NoticeComposerTest {
    private static final Instant ARRIVAL = Instant.parse("2026-11-10T08:09:10Z");
    private static final Instant NOW = Instant.parse("2026-11-24T08:10:00Z");
    private static final Mailbox SENDER = new Mailbox("s", "sender.test");
    private static final String ORIGINAL =
            "Received: from a\r\n\tby b\r\nMessage-ID: <1@sender.test>\r\nSubject: hello\r\n\r\nThe body.\r\n";

    private final NoticeComposer composer = new NoticeComposer("mx2.example.org");

    private static Unit unit(String address, Map<String, String> parameters, UnitState state, String lastReply) {
        String[] parts = address.split("@", 2);
        return new Unit(
                0,
                new Recipient(new ForwardPath(parts[0], Optional.of(parts[1])), new EsmtpParameters(parameters)),
                state,
                3,
                Instant.EPOCH,
                lastReply.isEmpty() ? Optional.empty() : Optional.of(lastReply));
    }

    private static Unit refused(String address) {
        return unit(address, Map.of(), UnitState.QUARANTINED, "550 5.1.1 no such user");
    }

    private static QueuedMessage message(Map<String, String> parameters, Unit... units) throws IOException {
        Origin origin = new Origin(
                InetAddress.getByName("192.0.2.7"), "client.sender.test", "ESMTPS", Optional.of("TLSv1.3"), ARRIVAL);
        return new QueuedMessage(
                new QueueId("0ABCDEF12345"),
                origin,
                1000,
                ReversePath.of(SENDER),
                new EsmtpParameters(parameters),
                Arrays.asList(units));
    }

    private byte[] failed(QueuedMessage message, String content, boolean internationalized) {
        return composer.compose(
                SENDER,
                message,
                OriginalMessage.read(MessageContent.of(content.getBytes(StandardCharsets.UTF_8))),
                message.units().stream()
                        .map(unit -> RecipientStatus.failed(unit, Optional.of("mx1.example.org")))
                        .toList(),
                internationalized,
                NOW);
    }

    private static MimeMessage parse(byte[] octets) throws MessagingException {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets));
    }

    private static String text(BodyPart part) throws IOException, MessagingException {
        try (InputStream in = part.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertLines(byte[] octets, boolean eightBit) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text).endsWith("\r\n").doesNotContainPattern("[^\r]\n|\r[^\n]");
        assertThat(text.split("\r\n", -1)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
        assertThat(OriginalMessage.isEightBit(octets)).isEqualTo(eightBit);
    }

    @Test
    void plainNotice_isAReportThatOthersRead() throws Exception {
        byte[] octets = failed(message(Map.of(), refused("user@example.org")), ORIGINAL, false);
        assertLines(octets, false);
        MimeMessage notice = parse(octets);
        assertThat(notice.getHeader("From", null)).isEqualTo("Mail Delivery System <postmaster@mx2.example.org>");
        assertThat(notice.getHeader("To", null)).isEqualTo("<s@sender.test>");
        assertThat(notice.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        assertThat(notice.getHeader("References", null).strip()).isEqualTo("<1@sender.test>");
        assertThat(notice.getHeader("MIME-Version", null)).isEqualTo("1.0");
        assertThat(notice.getMessageID()).matches("<[0-9a-z]+@mx2\\.example\\.org>");
        assertThat(notice.getSentDate().toInstant()).isEqualTo(NOW);
        assertThat(notice.getContentType()).contains("multipart/report").contains("report-type=delivery-status");

        MultipartReport report = (MultipartReport) notice.getContent();
        assertThat(report.getCount()).isEqualTo(3);
        assertThat(text(report.getBodyPart(0)))
                .contains("user@example.org")
                .contains("It said: 550 5.1.1 no such user");
        DeliveryStatus status = (DeliveryStatus) report.getReport();
        InternetHeaders message = status.getMessageDSN();
        assertThat(message.getHeader("Reporting-MTA", null)).isEqualTo("dns; mx2.example.org");
        assertThat(message.getHeader("Received-From-MTA", null)).isEqualTo("dns; client.sender.test ([192.0.2.7])");
        assertThat(message.getHeader("Arrival-Date", null)).isEqualTo("Tue, 10 Nov 2026 08:09:10 +0000");
        assertThat(message.getHeader("Original-Envelope-Id", null)).isNull();
        assertThat(status.getRecipientDSNCount()).isEqualTo(1);
        InternetHeaders recipient = status.getRecipientDSN(0);
        assertThat(recipient.getHeader("Final-Recipient", null)).isEqualTo("rfc822; user@example.org");
        assertThat(recipient.getHeader("Original-Recipient", null)).isNull();
        assertThat(recipient.getHeader("Action", null)).isEqualTo("failed");
        assertThat(recipient.getHeader("Status", null)).isEqualTo("5.1.1");
        assertThat(recipient.getHeader("Remote-MTA", null)).isEqualTo("dns; mx1.example.org");
        assertThat(recipient.getHeader("Diagnostic-Code", null)).isEqualTo("smtp; 550 5.1.1 no such user");
        assertThat(recipient.getHeader("Final-Log-ID", null)).isEqualTo("0ABCDEF12345");
        assertThat(recipient.getHeader("Will-Retry-Until", null)).isNull();
        assertThat(report.getBodyPart(2).getContentType()).isEqualTo("text/rfc822-headers");
        assertThat(text(report.getBodyPart(2))).isEqualTo(ORIGINAL.substring(0, ORIGINAL.indexOf("\r\n\r\n") + 2));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "QUARANTINED | 550 5.1.1 no such user | 5.1.1 | smtp; 550 5.1.1 no such user",
                "QUARANTINED | refused, to be asked once more: 550 no | 5.0.0 | smtp; 550 no",
                "QUARANTINED | 554 4.4.4 classes differ | 5.0.0 | smtp; 554 4.4.4 classes differ",
                "EXPIRED | not handed on within 336 h | 4.4.7 |",
                "EXPIRED | not handed on within 336 h; before: 451 4.3.0 later | 4.4.7 | smtp; 451 4.3.0 later",
                "EXPIRED | not handed on within 336 h; before: 550 5.7.1 go away | 5.7.1 | smtp; 550 5.7.1 go away",
                "HELD | held by ann: 550 5.1.1 is not what he said | 5.0.0 |",
                "QUEUED | no reply to the final dot: 250 ok | 5.0.0 |",
                "QUEUED | 450 4.2.0 full | 5.0.0 | smtp; 450 4.2.0 full"
            })
    void status_fitsTheClass_andOnlyWordsOfTheServerAreQuoted(
            UnitState state, String words, String code, String diagnostic) throws Exception {
        byte[] octets = failed(message(Map.of(), unit("u@example.org", Map.of(), state, words)), ORIGINAL, false);
        InternetHeaders recipient =
                ((DeliveryStatus) ((MultipartReport) parse(octets).getContent()).getReport()).getRecipientDSN(0);
        assertThat(recipient.getHeader("Status", null)).isEqualTo(code);
        assertThat(recipient.getHeader("Diagnostic-Code", null)).isEqualTo(diagnostic);
        assertThat(recipient.getHeader("Remote-MTA", null))
                .isEqualTo(diagnostic == null ? null : "dns; mx1.example.org");
    }

    @Test
    void envidAndOrcpt_comeBackDecoded() throws Exception {
        byte[] octets = failed(
                message(
                        Map.of("ENVID", "QQ+2B314159"),
                        unit(
                                "user@example.org",
                                Map.of("ORCPT", "rfc822;Bob+2Bx@Lists.example.org"),
                                UnitState.EXPIRED,
                                "")),
                ORIGINAL,
                false);
        DeliveryStatus status =
                (DeliveryStatus) ((MultipartReport) parse(octets).getContent()).getReport();
        assertThat(status.getMessageDSN().getHeader("Original-Envelope-Id", null))
                .isEqualTo("QQ+314159");
        assertThat(status.getRecipientDSN(0).getHeader("Original-Recipient", null))
                .isEqualTo("rfc822; Bob+x@Lists.example.org");
        // What would end the line stays as it came.
        assertThat(Xtext.decode("a+0D+0Ab")).isEqualTo("a+0D+0Ab");
    }

    @Test
    void manyRecipients_shareOneNotice() throws Exception {
        byte[] octets = failed(
                message(
                        Map.of(),
                        refused("a@example.org"),
                        unit("b@example.org", Map.of(), UnitState.EXPIRED, ""),
                        refused("c@example.org")),
                ORIGINAL,
                false);
        DeliveryStatus status =
                (DeliveryStatus) ((MultipartReport) parse(octets).getContent()).getReport();
        assertThat(status.getRecipientDSNCount()).isEqualTo(3);
        assertThat(List.of(
                        status.getRecipientDSN(0).getHeader("Final-Recipient", null),
                        status.getRecipientDSN(1).getHeader("Status", null),
                        status.getRecipientDSN(2).getHeader("Status", null)))
                .containsExactly("rfc822; a@example.org", "4.4.7", "5.1.1");
    }

    @Test
    void longReply_isFolded_andComesBackWhole() throws Exception {
        String reply = "550 5.1.1 " + "many words ".repeat(300) + "x".repeat(2500);
        byte[] octets = failed(
                message(Map.of(), unit("u@example.org", Map.of(), UnitState.QUARANTINED, reply)), ORIGINAL, false);
        assertLines(octets, false);
        InternetHeaders recipient =
                ((DeliveryStatus) ((MultipartReport) parse(octets).getContent()).getReport()).getRecipientDSN(0);
        assertThat(recipient.getHeader("Diagnostic-Code", null).replaceAll("\\s", ""))
                .isEqualTo(("smtp; " + reply).replace(" ", ""));
    }

    @Test
    void repliesOfOthers_cannotBringInLinesOrOctets() throws Exception {
        byte[] octets = failed(
                message(
                        Map.of(),
                        unit(
                                "u@example.org",
                                Map.of(),
                                UnitState.QUARANTINED,
                                "550 5.1.1 no\r\nStatus: 2.0.0\r\n\r\n--x gr\u00FC\u00DFe \u0007")),
                ORIGINAL,
                false);
        assertLines(octets, false);
        DeliveryStatus status =
                (DeliveryStatus) ((MultipartReport) parse(octets).getContent()).getReport();
        assertThat(status.getRecipientDSNCount()).isEqualTo(1);
        assertThat(status.getRecipientDSN(0).getHeader("Status")).containsExactly("5.1.1");
    }

    @Test
    void headerSectionThatIsNoUsAscii_isEncoded_andComesBackTheSame() throws Exception {
        String original = "Subject: gr\u00FC\u00DFe =3D \r\nX-Long: " + "y".repeat(3000) + "\r\n\r\nbody\r\n";
        byte[] octets = failed(message(Map.of(), refused("u@example.org")), original, false);
        assertLines(octets, false);
        BodyPart part = ((MultipartReport) parse(octets).getContent()).getBodyPart(2);
        assertThat(part.getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
        assertThat(text(part)).isEqualTo(original.substring(0, original.indexOf("\r\n\r\n") + 2));
    }

    @Test
    void wholeMessage_comesBack_ifItsSenderAsks_andItIsSmall() throws Exception {
        String original = ORIGINAL + "gr\u00FC\u00DFe\r\n.\r\n";
        byte[] octets = failed(message(Map.of("RET", "FULL"), refused("u@example.org")), original, false);
        assertLines(octets, true);
        MimeMessage notice = parse(octets);
        assertThat(notice.getEncoding()).isEqualTo("8bit");
        BodyPart part = ((MultipartReport) notice.getContent()).getBodyPart(2);
        assertThat(part.getContentType()).isEqualTo("message/rfc822");
        assertThat(new String(octets, StandardCharsets.UTF_8)).contains("\r\n\r\n" + original + "\r\n--");

        for (String notWhole : List.of(ORIGINAL + "z".repeat(200_000) + "\r\n", ORIGINAL + "z".repeat(1500) + "\r\n")) {
            byte[] headers = failed(message(Map.of("RET", "FULL"), refused("u@example.org")), notWhole, false);
            assertThat(((MultipartReport) parse(headers).getContent())
                            .getBodyPart(2)
                            .getContentType())
                    .isEqualTo("text/rfc822-headers");
            assertLines(headers, false);
        }
        byte[] headers = failed(message(Map.of("RET", "HDRS"), refused("u@example.org")), original, false);
        assertThat(((MultipartReport) parse(headers).getContent())
                        .getBodyPart(2)
                        .getContentType())
                .isEqualTo("text/rfc822-headers");
    }

    @Test
    void internationalizedMessage_hasTheReportOfRfc6533() throws Exception {
        String original = "Message-ID: <2@sender.test>\r\nSubject: gr\u00FC\u00DFe\r\n\r\nbody\r\n";
        byte[] octets = failed(
                message(
                        Map.of("SMTPUTF8", ""),
                        unit(
                                "j\u00F6rg@example.org",
                                Map.of("ORCPT", "utf-8;j\\x{F6}rg+2Bx@example.org"),
                                UnitState.QUARANTINED,
                                "550 5.1.1 kein j\u00F6rg")),
                original,
                true);
        assertLines(octets, true);
        MimeMessage notice = parse(octets);
        assertThat(notice.getContentType()).contains("report-type=delivery-status");
        MultipartReport report = (MultipartReport) notice.getContent();
        assertThat(report.getBodyPart(0).getContentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(report.getBodyPart(1).getContentType()).isEqualTo("message/global-delivery-status");
        assertThat(report.getBodyPart(2).getContentType()).isEqualTo("message/global-headers");
        assertThat(text(report.getBodyPart(1)))
                .contains("Original-Recipient: utf-8; j\u00F6rg+x@example.org\r\n")
                .contains("Final-Recipient: utf-8; j\u00F6rg@example.org\r\n")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 kein j\u00F6rg\r\n");
        assertThat(text(report.getBodyPart(2))).isEqualTo(original.substring(0, original.indexOf("\r\n\r\n") + 2));
    }

    @Test
    void delay_saysUntilWhenItIsTried_andNeverGivesBackTheWhole() throws Exception {
        Unit unit = unit("u@example.org", Map.of(), UnitState.QUEUED, "451 4.3.0 later");
        QueuedMessage message = message(Map.of("RET", "FULL"), unit);
        byte[] octets = composer.compose(
                SENDER,
                message,
                OriginalMessage.read(MessageContent.of(ORIGINAL.getBytes(StandardCharsets.UTF_8))),
                List.of(RecipientStatus.delayed(unit, Optional.of("mx1.example.org"), NOW)),
                false,
                NOW);
        assertLines(octets, false);
        MultipartReport report = (MultipartReport) parse(octets).getContent();
        InternetHeaders recipient = ((DeliveryStatus) report.getReport()).getRecipientDSN(0);
        assertThat(recipient.getHeader("Action", null)).isEqualTo("delayed");
        assertThat(recipient.getHeader("Status", null)).isEqualTo("4.3.0");
        assertThat(recipient.getHeader("Will-Retry-Until", null)).isEqualTo("Tue, 24 Nov 2026 08:10:00 +0000");
        assertThat(report.getBodyPart(2).getContentType()).isEqualTo("text/rfc822-headers");
        assertThat(parse(octets).getSubject()).isEqualTo("Your message is delayed");
    }

    @Test
    void messageThatCannotBeRead_isLeftOut() throws Exception {
        QueuedMessage message = message(Map.of(), refused("u@example.org"));
        OriginalMessage unreadable = OriginalMessage.read(new MessageContent() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("the disk is gone");
            }
        });
        byte[] octets = composer.compose(
                SENDER,
                message,
                unreadable,
                List.of(RecipientStatus.failed(message.units().get(0), Optional.empty())),
                false,
                NOW);
        assertThat(((MultipartReport) parse(octets).getContent()).getCount()).isEqualTo(2);
    }
}
