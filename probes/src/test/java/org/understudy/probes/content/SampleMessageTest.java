package org.understudy.probes.content;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.MovableClock;
import org.understudy.probes.canary.CanarySigner;
import org.understudy.probes.canary.SampleMark;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.MessageContent;

class SampleMessageTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final DomainName HOST = new DomainName("mx2.example.org");
    private static final CanarySigner SIGNER = new CanarySigner(new byte[32], new MovableClock());

    private static byte[] octets(Sample sample, boolean eightBit) throws IOException {
        SampleMark mark = SIGNER.sample("example.org/mx2.example.org/" + sample);
        MessageContent content = new SampleMessage(mark, sample, HOST, ContentWorld.settings()).content(eightBit);
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    private static MimeMessage read(Sample sample, boolean eightBit) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(octets(sample, eightBit)));
    }

    private static byte[] attachment(Sample sample) throws Exception {
        Part part = ((Multipart) read(sample, true).getContent()).getBodyPart(1);
        assertThat(part.getDisposition()).isEqualTo(Part.ATTACHMENT);
        try (InputStream in = part.getInputStream()) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource
    void message_isMarked_shortEnough_andOfWholeLines(Sample sample) throws Exception {
        MimeMessage message = read(sample, true);
        assertThat(message.getHeader(SampleMark.HEADER)).hasSize(1);
        assertThat(message.getHeader("X-Understudy-Canary")).isNull();
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(message.getFrom()[0]).hasToString("Understudy sample <probe+sample@example.net>");
        assertThat(message.getSubject()).contains(sample.label());
        assertThat(message.getContent()).isNotNull();
        byte[] octets = octets(sample, true);
        assertThat(octets.length).isLessThan(MEBIBYTE);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(text).endsWith("\r\n");
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n");
        // RFC 5322 section 2.1.1
        assertThat(text.split("\r\n", -1))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
    }

    @Test
    void large_isNearlyAMebibyte() throws IOException {
        assertThat(octets(Sample.LARGE, true).length).isGreaterThan(MEBIBYTE * 8 / 10);
    }

    @Test
    void eightBit_isEncodedWhereItHasToBe() throws Exception {
        assertThat(new String(octets(Sample.EIGHT_BIT, true), StandardCharsets.UTF_8))
                .contains("Grüße");
        assertThat(new String(octets(Sample.EIGHT_BIT, false), StandardCharsets.UTF_8))
                .contains("Gr=C3=BC=C3=9Fe");
        assertThat((String) read(Sample.EIGHT_BIT, false).getContent()).contains("Grüße");
    }

    @Test
    void list_saysThatItIsOne() throws Exception {
        assertThat(read(Sample.LIST, true).getHeader("List-Id")[0]).contains("samples.example.net");
    }

    @Test
    void attachments_areWhatTheySayTheyAre() throws Exception {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(attachment(Sample.ZIP)))) {
            assertThat(Objects.requireNonNull(zip.getNextEntry()).getName()).isEqualTo("sample.txt");
            assertThat(zip.readAllBytes()).isNotEmpty();
        }
        String pdf = new String(attachment(Sample.PDF), StandardCharsets.US_ASCII);
        int table = Integer.parseInt(pdf.replaceFirst("(?s).*startxref\n(\\d+)\n.*", "$1"));
        assertThat(pdf).startsWith("%PDF-1.4\n").endsWith("%%EOF\n");
        assertThat(pdf.substring(table)).startsWith("xref\n");
        assertThat(pdf.substring(
                        Integer.parseInt(pdf.substring(table).split("\n", -1)[3].substring(0, 10))))
                .startsWith("1 0 obj");
    }

    /** The pattern is 68 octets long; any other text is no test. */
    @Test
    void testPatterns_areComplete_butNotInTheCode() throws Exception {
        byte[] eicar = attachment(Sample.EICAR);
        assertThat(eicar).hasSize(68);
        String pattern = new String(eicar, StandardCharsets.US_ASCII);
        assertThat(pattern).startsWith("X5O!P").endsWith("$H+H*");
        String gtube = Attachments.gtube();
        assertThat(gtube).hasSize(68);
        assertThat((String) read(Sample.GTUBE, true).getContent()).contains(gtube);
        try (InputStream code = Objects.requireNonNull(Attachments.class.getResourceAsStream("Attachments.class"))) {
            assertThat(new String(code.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain(pattern, gtube);
        }
    }
}
