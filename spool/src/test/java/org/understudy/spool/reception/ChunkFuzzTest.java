package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** BDAT as octets: a command line and the chunk behind it, in random blocks. The first octet says where the blocks end. */
class ChunkFuzzTest {
    /** RFC 3030 section 2, with blanks at the end. */
    private static final Pattern ARGUMENT =
            Pattern.compile("([0-9]{1,18})(?: [ \\t]*(LAST))?[ \\t]*", Pattern.CASE_INSENSITIVE);

    private static final Pattern COUNTABLE = Pattern.compile("([0-9]{1,18})(?: .*)?", Pattern.DOTALL);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "\0005\r\n12345NOOP\r\n",
                        "\1000 LAST\r\nQUIT\r\n",
                        "\0029 last \r\n123\r\n.\r\n",
                        "\0033 L\u00c5ST\r\n123",
                        "\0033 LA\u017fT\r\n123",
                        "\0043 \u2003LAST\r\n123",
                        "\005999999999999999999 LAST\r\nabc",
                        "\0061000000000000000000\r\n",
                        "\007-1 LAST\r\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void chunk(byte[] octets) {
        int lineFeed = 1;
        while (lineFeed < octets.length && octets[lineFeed] != '\n') {
            lineFeed++;
        }
        if (lineFeed >= octets.length) {
            return;
        }
        CommandLine line = CommandLine.decode(octets, 1, lineFeed);
        if (line.kind() == CommandLine.Kind.GOOD) {
            byte[] behind = Arrays.copyOfRange(octets, lineFeed + 1, octets.length);
            parse(line.text()).ifPresent(chunk -> count(chunk, behind, new Random(octets[0])));
        }
    }

    private static Optional<Chunk> parse(String argument) {
        Optional<Chunk> chunk = Chunk.parse(argument);
        Matcher good = ARGUMENT.matcher(argument);
        Matcher countable = COUNTABLE.matcher(argument);
        if (countable.matches()) {
            boolean wellFormed = good.matches();
            long size = Long.parseLong(countable.group(1));
            assertThat(chunk).contains(new Chunk(size, wellFormed && good.group(2) != null, wellFormed));
        } else {
            assertThat(chunk).isEmpty();
        }
        return chunk;
    }

    private static void count(Chunk chunk, byte[] octets, Random random) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        Incoming.Counted incoming = new Incoming.Counted(chunk.size(), kept::write);
        int at = 0;
        while (at < octets.length && !incoming.isWhole()) {
            int to = at + 1 + random.nextInt(octets.length - at);
            int taken = incoming.take(octets, at, to);
            assertThat(taken).isBetween(at + 1, to);
            at = taken;
        }
        int expected = (int) Math.min(chunk.size(), octets.length);
        assertThat(at).isEqualTo(expected);
        assertThat(incoming.isWhole()).isEqualTo(chunk.size() <= octets.length);
        assertThat(kept.toByteArray()).isEqualTo(Arrays.copyOf(octets, expected));
    }
}
