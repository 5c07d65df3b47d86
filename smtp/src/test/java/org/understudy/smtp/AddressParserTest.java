package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '~',
            value = {
                "FROM:<jo@example.org> => <jo@example.org>",
                "from:<Jo.Doe+tag@Example.ORG> => <Jo.Doe+tag@Example.ORG>",
                "FROM: <jo@example.org> => <jo@example.org>",
                "FROM:<> => <>",
                "FROM:<> SIZE=99999999999 => <>",
                "FROM:<jo@example.org> body=8BITMIME SIZE=12 => <jo@example.org>",
                "FROM:<@relay.test,@b.test:jo@example.org> => <jo@example.org>",
                "FROM:<\"jo doe\\\" x\"@example.org> => <\"jo doe\\\" x\"@example.org>",
                "FROM:<jo@[192.0.2.1]> => <jo@[192.0.2.1]>",
                "FROM:<jo@[IPv6:2001:db8::1]> => <jo@[IPv6:2001:db8::1]>",
                "FROM:<dörte@exämple.org> SMTPUTF8 => <dörte@exämple.org>",
                "FROM:<u%ext@example.org> => <u%ext@example.org>",
                "FROM:<!#$%&'*+-/=?^_`{|}@example.org> => <!#$%&'*+-/=?^_`{|}@example.org>"
            })
    void mail_wellFormed_isRead(String argument, String path) throws SmtpSyntaxException {
        assertThat(PathCommand.parseMail(argument).reversePath()).hasToString(path);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {
                "",
                "FROM",
                "FROM:",
                "FROM:<",
                "FROM:jo@example.org",
                "FROM:<jo>",
                "FROM:<jo@>",
                "FROM:<@example.org>",
                "FROM:<jo@example.org",
                "FROM:<jo@example.org>SIZE=1",
                "FROM:<jo@example.org> SIZE=",
                "FROM:<jo@example.org> =1",
                "FROM:<jo@example.org> SIZE=1 SIZE=2",
                "FROM:<jo..doe@example.org>",
                "FROM:<.jo@example.org>",
                "FROM:<jo.@example.org>",
                "FROM:<jo doe@example.org>",
                "FROM:<jo@exa mple.org>",
                "FROM:<jo@example.org.>",
                "FROM:<jo@-example.org>",
                "FROM:<jo@example..org>",
                "FROM:<jo\u0000@example.org>",
                "FROM:<jo\r@example.org>",
                "FROM:<jo@[999]>",
                "FROM:<jo@[192.0.2.1>",
                "FROM:<\"jo@example.org>",
                "FROM:<a@b@example.org>",
                "FROM:<@relay:jo@>",
                "FROM:<@a.test@b.test:jo@example.org>",
                "FROM:<@a.test,:jo@example.org>",
                "TO:<jo@example.org>"
            })
    void mail_malformed_isRefused(String argument) {
        assertThatThrownBy(() -> PathCommand.parseMail(argument)).isInstanceOf(SmtpSyntaxException.class);
    }

    @Test
    void mail_parameters_keepOrderAndUpperCaseKeywords() throws SmtpSyntaxException {
        EsmtpParameters parameters = PathCommand.parseMail("FROM:<jo@example.org> size=7 Body=8BITMIME SMTPUTF8")
                .parameters();
        assertThat(parameters.toString()).isEqualTo(" SIZE=7 BODY=8BITMIME SMTPUTF8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TO:<postmaster>", "TO:<PostMaster>", "to:<POSTMASTER>"})
    void rcpt_barePostmaster_isAccepted(String argument) throws SmtpSyntaxException {
        Recipient recipient = PathCommand.parseRcpt(argument);
        assertThat(recipient.path().domain()).isEmpty();
        assertThat(recipient.path().localPart()).isEqualToIgnoringCase("postmaster");
    }

    @Test
    void rcpt_lookalikeOfPostmaster_isRefused() {
        assertThatThrownBy(() -> PathCommand.parseRcpt("TO:<po\u017ftmaster>")).isInstanceOf(SmtpSyntaxException.class);
    }

    @Test
    void rcpt_nullPath_isRefused() {
        assertThatThrownBy(() -> PathCommand.parseRcpt("TO:<>")).isInstanceOf(SmtpSyntaxException.class);
    }

    @Test
    void mailbox_tooLong_isRefused() {
        assertThatThrownBy(() -> Mailbox.parse("x".repeat(300) + "@example.org"))
                .hasMessageContaining("256");
        String domain = ("a".repeat(60) + ".").repeat(4) + "org";
        assertThatThrownBy(() -> Mailbox.parse("x".repeat(60) + "@" + domain)).isInstanceOf(SmtpSyntaxException.class);
    }

    @Test
    void mailbox_longBounceAddress_isAccepted() throws SmtpSyntaxException {
        assertThat(Mailbox.parse("bounces+" + "0123456789".repeat(9) + "@example.org")
                        .domain())
                .isEqualTo("example.org");
    }

    @Test
    void domainName_isComparedInOneForm() {
        assertThat(DomainName.parse("EXÄMPLE.org.")).isEqualTo(DomainName.parse("xn--exmple-cua.ORG"));
        assertThat(DomainName.parse("mx.example.org").isWithin(DomainName.parse("example.org")))
                .isTrue();
        assertThat(DomainName.parse("notexample.org").isWithin(DomainName.parse("example.org")))
                .isFalse();
    }
}
