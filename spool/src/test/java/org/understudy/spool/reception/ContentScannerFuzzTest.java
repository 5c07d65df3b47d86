package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The content of DATA in random blocks, against the definition. The first octet says where the blocks end. */
class ContentScannerFuzzTest {
    private static final String END = "\r\n.\r\n";

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "\0Subject: x\r\n\r\n..a\r\n.b\r\n.\r\nNOOP\r\n",
                        "\1.\r\n",
                        "\2a\r\n.\rb\r\n.\nc\n.\nd\r.\re\r\n.\r\n",
                        "\3\r.\r\n\r\n..\r\n.\r\r\n.\r\n\0\r\n.\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void content(byte[] octets) {
        if (octets.length < 2) {
            return;
        }
        String input = new String(octets, 1, octets.length - 1, StandardCharsets.ISO_8859_1) + END;
        ContentScannerTest.Result expected = ContentScannerTest.expected(input);
        assertThat(ContentScannerTest.scan(input)).isEqualTo(expected);
        Random random = new Random(octets[0]);
        int[] splits = random.ints(1 + random.nextInt(input.length()), 1, input.length())
                .sorted()
                .toArray();
        assertThat(ContentScannerTest.scan(input, splits)).isEqualTo(expected);
        checkSurvivesStuffing(expected, splits);
    }

    /** What was kept goes on with its dots stuffed, and is the same at the other end. */
    private static void checkSurvivesStuffing(ContentScannerTest.Result kept, int[] splits) {
        if (kept.bare() || kept.content().isEmpty()) {
            return;
        }
        assertThat(kept.content()).endsWith("\r\n");
        String stuffed = ("\r\n" + kept.content()).replace("\r\n.", "\r\n..").substring(2) + ".\r\n";
        int[] within = java.util.Arrays.stream(splits)
                .filter(split -> split < stuffed.length())
                .toArray();
        ContentScannerTest.Result again = ContentScannerTest.scan(stuffed, within);
        assertThat(again.content()).isEqualTo(kept.content());
        assertThat(again.end()).isEqualTo(stuffed.length());
        assertThat(again.bare()).isFalse();
    }
}
