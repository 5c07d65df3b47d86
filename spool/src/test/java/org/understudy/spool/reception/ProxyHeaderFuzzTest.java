package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The header of a proxy: the same result whole and octet by octet, and not an octet more than the header is taken. */
class ProxyHeaderFuzzTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int LONGEST_OCTET_BY_OCTET = 600;

    private enum Verdict {
        READ,
        INCOMPLETE,
        REFUSED
    }

    /** What came of some octets; behind the header if it was read. */
    private record Outcome(Verdict verdict, String client, int behind) {}

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\nEHLO x\r\n",
                        "PROXY TCP6 2001:db8::7 ::ffff:192.0.2.7 56324 25\r\n",
                        "PROXY UNKNOWN ffff:f...f:ffff 1 2\r\n",
                        SIGNATURE + "!\21\0\14\300\0\2\7\306\63\144\1\1\2\0\31EHLO x\r\n",
                        SIGNATURE + "!!\0\47" + "\40\1\r\270".repeat(8) + "\0\1\0\2\4\0\0",
                        SIGNATURE + "\40\0\0\0",
                        SIGNATURE + "!\61\0\2ab")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void header(byte[] octets) throws IOException {
        Outcome whole = read(octets, octets.length);
        assertThat(readFromStream(octets)).isEqualTo(whole.verdict() == Verdict.READ);
        int step = Math.max(1, octets.length / LONGEST_OCTET_BY_OCTET);
        Outcome sooner = new Outcome(Verdict.INCOMPLETE, "", 0);
        for (int end = 0; end < octets.length && sooner.verdict() == Verdict.INCOMPLETE; end += step) {
            sooner = read(octets, end);
        }
        assertThat(sooner.verdict() == Verdict.INCOMPLETE ? read(octets, octets.length) : sooner)
                .isEqualTo(whole);
        if (whole.verdict() == Verdict.READ) {
            assertThat(read(octets, whole.behind())).isEqualTo(whole);
            assertThat(read(octets, whole.behind() - 1).verdict()).isEqualTo(Verdict.INCOMPLETE);
            checkClient(octets, whole);
        }
    }

    private static Outcome read(byte[] octets, int end) throws IOException {
        PartialInput in = new PartialInput(octets, 0, end);
        try {
            String client =
                    ProxyHeader.read(in).map(InetAddress::getHostAddress).orElse("-");
            return new Outcome(Verdict.READ, client, in.position());
        } catch (PartialInput.IncompleteException e) {
            return new Outcome(Verdict.INCOMPLETE, "", 0);
        } catch (ProtocolException e) {
            assertThat(e).hasMessageMatching("[ -~]+");
            return new Outcome(Verdict.REFUSED, "", 0);
        }
    }

    /** False if it was refused, for which the end of the stream is a reason as well. */
    private static boolean readFromStream(byte[] octets) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(octets);
        try {
            ProxyHeader.read(in::read);
            return true;
        } catch (ProtocolException e) {
            return false;
        }
    }

    private static void checkClient(byte[] octets, Outcome outcome) throws IOException {
        String header = new String(octets, 0, outcome.behind(), StandardCharsets.ISO_8859_1);
        if (header.startsWith("PROXY UNKNOWN")) {
            assertThat(outcome.client()).isEqualTo("-");
        } else if (header.startsWith("PROXY")) {
            assertThat(header).matches("PROXY TCP[46] [0-9A-Fa-f:.]+ [0-9A-Fa-f:.]+ \\d{1,5} \\d{1,5}\r\n");
            InetAddress named = InetAddress.getByName(header.split(" ", -1)[2]);
            assertThat(outcome.client()).isEqualTo(named.getHostAddress());
        } else {
            assertThat(header).startsWith(SIGNATURE);
            int length = header.charAt(14) << 8 | header.charAt(15);
            assertThat(outcome.behind()).isEqualTo(16 + length);
        }
    }
}
