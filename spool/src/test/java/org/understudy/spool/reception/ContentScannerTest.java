package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the definition, written with strings: whatever the blocks are, the result is that of the whole. */
class ContentScannerTest {
    private static final String END = "\r\n.\r\n";

    /** What a scan made of its input. */
    record Result(String content, boolean bare, int end) {}

    static Result expected(String input) {
        String lines = "\r\n" + input;
        int end = lines.indexOf(END);
        String content = end < 0 ? lines : lines.substring(0, end + 2);
        String rest = content.replace("\r\n", "");
        return new Result(
                content.replace("\r\n.", "\r\n").substring(2),
                rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0,
                end < 0 ? ContentScanner.GOES_ON : end + END.length() - 2);
    }

    static Result scan(String input, int... splits) {
        byte[] octets = input.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ContentScanner scanner = new ContentScanner(content::write);
        int from = 0;
        int end = ContentScanner.GOES_ON;
        for (int i = 0; i <= splits.length && end < 0; i++) {
            int to = i < splits.length ? splits[i] : octets.length;
            if (to > from) {
                end = scanner.scan(octets, from, to);
                from = to;
            }
        }
        return new Result(content.toString(StandardCharsets.ISO_8859_1), scanner.hasBareCrOrLf(), end);
    }

    /** All words of the alphabet up to a length. */
    static List<String> words(String alphabet, int longest) {
        List<String> words = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= longest; length++) {
            int to = words.size();
            for (int i = from; i < to; i++) {
                for (int j = 0; j < alphabet.length(); j++) {
                    words.add(words.get(i) + alphabet.charAt(j));
                }
            }
            from = to;
        }
        return words;
    }

    @Test
    void scan_everyWordOfTheLettersThatMatter_atEverySplit() {
        for (String word : words("\r\n\0.", 6)) {
            String input = "x" + word + "y" + END;
            Result expected = expected(input);
            assertThat(expected.end()).isPositive();
            assertThat(scan(input)).as("%s whole", escaped(word)).isEqualTo(expected);
            for (int split = 1; split < input.length(); split++) {
                assertThat(scan(input, split))
                        .as("%s split at %d", escaped(word), split)
                        .isEqualTo(expected);
            }
            int[] everywhere =
                    java.util.stream.IntStream.range(1, input.length()).toArray();
            assertThat(scan(input, everywhere))
                    .as("%s octet by octet", escaped(word))
                    .isEqualTo(expected);
        }
    }

    @Test
    void scan_wordsAtTheBeginning() {
        for (String word : words("\r\n.x", 5)) {
            String input = word + END;
            int[] everywhere =
                    java.util.stream.IntStream.range(1, input.length()).toArray();
            assertThat(scan(input)).as(escaped(word)).isEqualTo(expected(input));
            assertThat(scan(input, everywhere)).as(escaped(word)).isEqualTo(expected(input));
        }
    }

    @Test
    void scan_whatFollowsTheEnd_isLeftAlone() {
        byte[] octets = "..a\r\n..b\r\n.\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int end = new ContentScanner(content::write).scan(octets, 0, octets.length);
        assertThat(content.toString(StandardCharsets.US_ASCII)).isEqualTo(".a\r\n.b\r\n");
        assertThat(new String(octets, end, octets.length - end, StandardCharsets.US_ASCII))
                .isEqualTo("NOOP\r\n");
    }

    @Test
    void scan_randomContentInRandomBlocks() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(400);
            while (text.length() < length) {
                text.append(List.of("\r\n", ".", "abc", "\u00e4", "\r", "\n", "\0", "\r\n.")
                        .get(random.nextInt(8)));
            }
            String input = text + "z" + END;
            int[] splits =
                    random.ints(random.nextInt(20), 1, input.length()).sorted().toArray();
            assertThat(scan(input, splits)).isEqualTo(expected(input));
        }
    }

    private static String escaped(String text) {
        return text.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>");
    }
}
