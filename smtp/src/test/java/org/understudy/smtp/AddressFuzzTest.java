package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses, paths and domain names: what is read and printed reads the same again, and the rest is refused in one way. */
class AddressFuzzTest {
    /** RFC 5321 section 4.1.2 as far as it goes without counting, with our underscores in domains. */
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";

    private static final String NAME = LABEL + "(?:\\." + LABEL + ")*";

    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LOCAL = "(?:" + ATOM + "(?:\\." + ATOM + ")*|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\")";
    private static final String MAILBOX = LOCAL + "@(?:" + NAME + "|\\[[0-9A-Za-z:.]+\\])";
    private static final String ROUTE = "(?:@" + NAME + "(?:,@" + NAME + ")*:)?";
    private static final String PARAMETERS = "(?: +[A-Za-z0-9][A-Za-z0-9-]*(?:=[!-<>-~]+)?)* *";

    private static final Pattern ASCII_MAILBOX = Pattern.compile(MAILBOX);
    private static final Pattern ASCII_MAIL =
            Pattern.compile("(?i:FROM): ?<(?:" + ROUTE + MAILBOX + ")?>" + PARAMETERS);
    private static final Pattern ASCII_RCPT =
            Pattern.compile("(?i:TO): ?<(?:" + ROUTE + MAILBOX + "|(?i:postmaster))>" + PARAMETERS);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "jo@example.org",
                        "\"jo \\\" doe\"@[192.0.2.1]",
                        "d\u00f6rte@ex\u00e4mple.org",
                        "jo@[IPv6:2001:db8::192.0.2.1]",
                        "xn--exmple-cua.org",
                        "example.org.",
                        "FROM:<>",
                        "FROM:<@a.test,@b.test:jo@example.org> SIZE=100 BODY=8BITMIME",
                        "TO:<Postmaster>",
                        "TO:<po\u017ftmaster>",
                        "to: <jo@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;jo+2Bx@example.org",
                        "TO:<jo@b\u2488example>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void address(byte[] octets) {
        String text = new String(octets, StandardCharsets.UTF_8);
        readMailbox(text);
        readMail(text);
        readRcpt(text);
        readDomainName(text);
    }

    private static void readMailbox(String text) {
        Mailbox mailbox;
        try {
            mailbox = Mailbox.parse(text);
        } catch (SmtpSyntaxException e) {
            return;
        }
        assertThat(mailbox).hasToString(text);
        checkIsOneLine(text);
        checkByGrammar(text, ASCII_MAILBOX);
        assertThatCode(mailbox::domainName).doesNotThrowAnyException();
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(254);
    }

    private static void readMail(String text) {
        PathCommand.Mail mail;
        try {
            mail = PathCommand.parseMail(text);
        } catch (SmtpSyntaxException e) {
            return;
        }
        String printed = "FROM:" + mail.reversePath() + mail.parameters();
        checkIsOneLine(text);
        checkByGrammar(text, ASCII_MAIL);
        assertThatCode(() -> assertThat(PathCommand.parseMail(printed)).isEqualTo(mail))
                .as(printed)
                .doesNotThrowAnyException();
    }

    private static void readRcpt(String text) {
        Recipient recipient;
        try {
            recipient = PathCommand.parseRcpt(text);
        } catch (SmtpSyntaxException e) {
            return;
        }
        String printed = "TO:" + recipient.path() + recipient.parameters();
        checkIsOneLine(text);
        checkByGrammar(text, ASCII_RCPT);
        assertThatCode(() -> assertThat(PathCommand.parseRcpt(printed)).isEqualTo(recipient))
                .as(printed)
                .doesNotThrowAnyException();
        assertThatCode(() -> recipient.path().domainName()).doesNotThrowAnyException();
        if (recipient.path().domain().isEmpty()) {
            assertThat(recipient.path().localPart()).matches("(?i:postmaster)");
        }
    }

    private static void readDomainName(String text) {
        DomainName name;
        try {
            name = DomainName.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("not a");
            return;
        }
        assertThat(name.text()).matches("[a-z0-9_.-]{1,253}");
        assertThat(DomainName.parse(name.text())).isEqualTo(name);
        assertThat(DomainName.parse(name + ".")).isEqualTo(name);
        assertThat(name.isWithin(name)).isTrue();
        assertThat(Optional.of(name)).contains(new DomainName(name.text()));
    }

    private static void checkIsOneLine(String text) {
        assertThat(text.chars()).as(text).noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static void checkByGrammar(String text, Pattern grammar) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            assertThat(text).matches(grammar);
        }
    }
}
