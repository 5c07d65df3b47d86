package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Reply;

class StandingTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "250, 2.1.5 Ok, TAKEN",
        "550, 5.1.1 no such user, REFUSED",
        "550, 5.7.1 relaying denied, REFUSED",
        "450, 4.2.0 <jo@example.org>: Recipient address rejected: Greylisted, GREYLISTED",
        "451, 4.7.1 Graylisting in effect, GREYLISTED",
        "550, 5.7.1 grey list, REFUSED",
        "451, 4.3.0 try again later, PUT_OFF",
        "554, 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example, AGAINST_US",
        "421, 4.7.0 poor reputation, AGAINST_US",
        "550, 5.7.1 Unfortunately messages from [192.0.2.1] weren't sent: part of their network is on our block list, AGAINST_US",
        "550, 5.1.1 the mailbox blockhead@example.org is not known, REFUSED",
        "550, 5.1.1 mailbox disabled, REFUSED"
    })
    void reply_isReadByItsWords(int code, String text, Standing standing) {
        assertThat(Standing.of(Reply.of(code, text))).isEqualTo(standing);
    }

    @Test
    void refusalThatNamesOurAddress_isAgainstUs() throws UnknownHostException {
        InetAddress ours = InetAddress.getByName("192.0.2.1");
        assertThat(Standing.of(Reply.of(554, "5.7.1 [192.0.2.1] is not allowed"), ours))
                .isEqualTo(Standing.AGAINST_US);
        assertThat(Standing.of(Reply.of(554, "192.0.2.1 is not allowed"), ours)).isEqualTo(Standing.AGAINST_US);
        assertThat(Standing.of(Reply.of(554, "5.7.1 192.0.2.17 is not allowed"), ours))
                .isEqualTo(Standing.REFUSED);
        assertThat(Standing.of(Reply.of(250, "2.1.0 hello [192.0.2.1]"), ours)).isEqualTo(Standing.TAKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "554, 5.7.1 Relay access denied, true",
        "550, relay not permitted, true",
        "550, 5.1.1 relayed mailbox is not known, false",
        "550, 5.1.1 no such user, false"
    })
    void relaying_isReadByItsWords(int code, String text, boolean relaying) {
        assertThat(Standing.saysRelaying(Reply.of(code, text))).isEqualTo(relaying);
    }
}
