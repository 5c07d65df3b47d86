package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.SmtpSyntaxException;

/** Command lines as octets: what we take of MAIL and RCPT, the primary can take too, octet for octet. */
class CommandFuzzTest {
    private static final List<Offer> OFFERS =
            List.of(new Offer(1000, true, true), new Offer(Long.MAX_VALUE, false, false));

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "MAIL FROM:<jo@example.org> SIZE=100 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb\r\n",
                        "MAIL FROM:<> SIZE=99999999999999999999 RET=FULL BODY=7BIT\r\n",
                        "MAIL FROM:<> BODY=8B\u0131TMIME RET=HDR\u017f\r\n",
                        "RCPT TO:<jo@example.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;jo@example.org\r\n",
                        "RCPT TO:<d\u00f6rte@ex\u00e4mple.org> ORCPT=utf-8;d\u00f6rte@ex\u00e4mple.org NOTIFY=NEVER\r\n",
                        "RCPT TO:<jo@example.org> NOTIFY=\u017fUCCESS\r\n",
                        "EHLO a\tb\r\nNOOP\nRSET\r\r\n\0\r\n\u007f\r\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void command(byte[] octets) {
        int begin = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n') {
                read(octets, begin, i);
                begin = i + 1;
            }
        }
    }

    private static void read(byte[] octets, int begin, int lineFeed) {
        byte[] before = octets.clone();
        CommandLine line = CommandLine.decode(octets, begin, lineFeed);
        assertThat(octets).isEqualTo(before);
        if (line.kind() != CommandLine.Kind.GOOD) {
            assertThat(line.text()).isEmpty();
            return;
        }
        String text = line.text();
        assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(Arrays.copyOfRange(octets, begin, lineFeed - 1));
        assertThat(text.chars()).noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
        assertThat(octets[lineFeed - 1]).isEqualTo((byte) '\r');
        int space = text.indexOf(' ');
        String argument = space < 0 ? "" : text.substring(space + 1).strip();
        readMail(argument);
        readRcpt(argument);
    }

    private static void readMail(String argument) {
        PathCommand.Mail mail;
        try {
            mail = PathCommand.parseMail(argument);
        } catch (SmtpSyntaxException e) {
            checkIsOneLine(e.reason());
            return;
        }
        EsmtpParameters parameters = mail.parameters();
        assertThat(Parameters.size(parameters).orElse(0)).isNotNegative();
        for (Offer offer : OFFERS) {
            Parameters.refuseMail(parameters, offer).ifPresentOrElse(refusal -> checkIsOneLine(refusal.text()), () -> {
                checkWhatGoesOn("FROM:" + mail.reversePath() + parameters, argument);
                checkValuesAreAscii(parameters);
                assertThat(Parameters.size(parameters).orElse(0)).isLessThanOrEqualTo(offer.maximumBytes());
            });
        }
    }

    private static void readRcpt(String argument) {
        Recipient recipient;
        try {
            recipient = PathCommand.parseRcpt(argument);
        } catch (SmtpSyntaxException e) {
            checkIsOneLine(e.reason());
            return;
        }
        EsmtpParameters parameters = recipient.parameters();
        for (boolean internationalized : new boolean[] {false, true}) {
            Parameters.refuseRcpt(parameters, internationalized)
                    .ifPresentOrElse(refusal -> checkIsOneLine(refusal.text()), () -> {
                        checkWhatGoesOn("TO:" + recipient.path() + parameters, argument);
                        checkValuesAreAscii(internationalized ? parameters.without("ORCPT") : parameters);
                    });
        }
    }

    /** All that we tell the next hop came from the client. */
    private static void checkWhatGoesOn(String printed, String argument) {
        checkIsOneLine(printed);
        for (String word : printed.split("[ =]", -1)) {
            String withoutRoute = word.substring(word.indexOf('<') + 1);
            assertThat(argument).containsIgnoringCase(withoutRoute);
        }
    }

    /** RFC 5321 section 4.1.1.11 and the extensions that we offer have no value that is not ASCII, save ORCPT. */
    private static void checkValuesAreAscii(EsmtpParameters parameters) {
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            assertThat(parameter.getValue().chars()).as("%s", parameter).allMatch(c -> c > ' ' && c < 0x7f);
        }
    }

    private static void checkIsOneLine(String text) {
        assertThatCode(() -> assertThat(text.chars()).noneMatch(c -> c == '\r' || c == '\n' || c == 0))
                .doesNotThrowAnyException();
    }
}
