package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SealTest {
    private static final String MESSAGE = String.join(
            "\r\n",
            "Date: Tue, 24 Nov 2026 12:00:00 +0000",
            "From: A <a@example.net>",
            "To: <b@example.org>",
            "Subject: Two words",
            "Content-Type: text/plain",
            "Content-Transfer-Encoding: 8bit",
            "",
            "One line with an \u00fc",
            ".dot",
            "");

    private static Seal seal(String message) {
        return Seal.of(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> broken(String arrived) {
        return Seal.parse(seal(MESSAGE).value()).broken(seal(arrived));
    }

    /** RFC 6376 section 3.4: what the relaxed forms bear. */
    @Test
    void whatSignaturesBear_isNoChange() {
        assertThat(broken(MESSAGE)).isEmpty();
        assertThat(broken("Received: by mx2.example.org\r\nX-Spam: no\r\n" + MESSAGE))
                .isEmpty();
        assertThat(broken(MESSAGE.replace("Subject: Two words", "subject:Two\r\n\twords")))
                .isEmpty();
        assertThat(broken(MESSAGE.replace("One line", "One  line"))).isEmpty();
        assertThat(broken(MESSAGE.replace(".dot", ".dot \t") + "\r\n\r\n")).isEmpty();
        assertThat(broken(MESSAGE.replace("\r\n", "\n"))).isEmpty();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "Two words, [EXTERNAL] Two words, subject",
        "A <a@, A via list <a@, from",
        "8bit, quoted-printable, content-transfer-encoding",
        "text/plain, text/plain; charset=utf-8, content-type",
        "12:00:00, 12:00:01, date",
        ".dot, ..dot, body",
        "One line, Oneline, body"
    })
    void whatTheyDoNot_isNamed(String text, String other, String name) {
        assertThat(broken(MESSAGE.replace(text, other))).containsExactly(name);
    }

    @Test
    void footerAndMissingField_areNamed() {
        assertThat(broken(MESSAGE + "-- \r\nFooter\r\n")).containsExactly("body");
        assertThat(broken(MESSAGE.replace("To: <b@example.org>\r\n", ""))).containsExactly("to");
        assertThat(broken("")).hasSize(7);
    }

    @Test
    void fieldAddedInFront_isNotTheOneThatIsSigned() {
        assertThat(broken("Subject: another\r\n" + MESSAGE)).isEmpty();
        assertThat(broken(MESSAGE.replace("\r\n\r\n", "\r\nSubject: another\r\n\r\n")))
                .containsExactly("subject");
    }

    @Test
    void garbage_isNoSeal_andBreaksNothing() {
        assertThat(Seal.parse("body=xyz; =; ;;").digests()).isEmpty();
        assertThat(Seal.parse("").broken(seal(MESSAGE))).isEmpty();
    }
}
