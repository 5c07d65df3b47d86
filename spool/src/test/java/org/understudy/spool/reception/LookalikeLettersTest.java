package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.SmtpSyntaxException;

/** Letters whose upper case in Unicode is one of US-ASCII are not that letter: the next hop would refuse what we took. */
class LookalikeLettersTest {
    private static final Offer OFFER = new Offer(1000, true, true);

    @ParameterizedTest
    @ValueSource(strings = {"BODY=8B\u0131TMIME", "RET=HDR\u017f"})
    void mail_value_isRefused(String parameter) throws SmtpSyntaxException {
        PathCommand.Mail mail = PathCommand.parseMail("FROM:<jo@example.org> " + parameter);
        assertThat(Parameters.refuseMail(mail.parameters(), OFFER))
                .hasValueSatisfying(reply -> assertThat(reply.code()).isEqualTo(501));
    }

    @Test
    void mail_value_mayBeLowerCase() throws SmtpSyntaxException {
        PathCommand.Mail mail = PathCommand.parseMail("FROM:<jo@example.org> BODY=8bitmime RET=hdrs");
        assertThat(Parameters.refuseMail(mail.parameters(), OFFER)).isEmpty();
    }

    @Test
    void rcpt_value_isRefused() throws SmtpSyntaxException {
        assertThat(Parameters.refuseRcpt(
                        PathCommand.parseRcpt("TO:<jo@example.org> NOTIFY=\u017fUCCESS")
                                .parameters(),
                        true))
                .hasValueSatisfying(reply -> assertThat(reply.code()).isEqualTo(501));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 LA\u017fT", "3 \u2003LAST", "3 \u2003"})
    void chunk_marker_isRefused(String argument) {
        assertThat(Chunk.parse(argument)).contains(new Chunk(3, false, false));
    }

    @Test
    void verb_isNotRecognized() throws IOException {
        try (TestReceiver receiver = TestReceiver.start();
                RawClient client = receiver.client()) {
            assertThat(client.sendUtf8("R\u017fET\r\n").reply()).startsWith("500 5.5.1");
            assertThat(client.ask("rset")).startsWith("250 ");
        }
    }
}
