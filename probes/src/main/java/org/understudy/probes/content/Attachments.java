package org.understudy.probes.content;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files that samples have with them. */
final class Attachments {
    // In halves, and joined only when it is sent, so that no scanner takes this file, or the jar, for what it is a test
    // of.
    private static final List<String> EICAR =
            List.of("X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
    private static final List<String> GTUBE =
            List.of("XJS*C4JDBQADN1.NSBN3*2IDNEN*", "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X");

    /** As large as is left below 1 MiB with base 64 and line ends. */
    private static final int LARGE = 680 * 1024;

    private static final String SENTENCE = "This file is long, and there is nothing else to it.\r\n";

    private Attachments() {}

    /** The test file that every virus scanner takes for a virus, and that does nothing. */
    static byte[] eicar() {
        return ascii(String.join("", EICAR));
    }

    /** The line that every spam filter takes for spam. */
    static String gtube() {
        return String.join("", GTUBE);
    }

    static byte[] large() {
        return ascii(SENTENCE.repeat(LARGE / SENTENCE.length()));
    }

    /** An archive with one text in it. */
    static byte[] zip() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(octets)) {
            ZipEntry entry = new ZipEntry("sample.txt");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(ascii("A text in an archive, and nothing else.\r\n"));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** A document of one page with a line on it (ISO 32000-1 section 7.5). */
    static byte[] pdf() {
        String line = "BT /F1 18 Tf 72 720 Td (A sample, and nothing else.) Tj ET";
        List<String> objects = List.of(
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                        + " /Resources << /Font << /F1 5 0 R >> >> >>",
                "<< /Length " + line.length() + " >>\nstream\n" + line + "\nendstream",
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
        StringBuilder document = new StringBuilder("%PDF-1.4\n");
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            offsets.add(document.length());
            document.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
        }
        int table = document.length();
        document.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        offsets.forEach(offset -> document.append(String.format(java.util.Locale.ROOT, "%010d 00000 n \n", offset)));
        document.append("trailer\n<< /Size ")
                .append(objects.size() + 1)
                .append(" /Root 1 0 R >>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n");
        return ascii(document.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
