package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.smtp.SmtpFailure.Kind;
import org.understudy.smtp.StartTlsTrial.Manner;
import org.understudy.smtp.StartTlsTrial.Outcome;

class StartTlsTrialTest {
    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private Outcome run(Manner manner) {
        Duration d = Duration.ofSeconds(5);
        SmtpClientSettings settings =
                new SmtpClientSettings("probe.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.all(d));
        return StartTlsTrial.run(server.endpoint("mx.test"), settings, manner, Deadline.after(Duration.ofSeconds(20)));
    }

    @Test
    void usual_givesTheChain_andSaysTheNameOfTheServer_andNothingOfMail() {
        server.tls(TestCertificates.valid("mx.test"));
        Outcome outcome = run(Manner.USUAL);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.offered()).isTrue();
        assertThat(outcome.tls().orElseThrow().chain()).hasSize(1);
        assertThat(outcome.obeyed()).isFalse();
        assertThat(server.serverNames()).containsExactly("mx.test");
        assertThat(server.commands()).containsExactly("EHLO probe.test", "STARTTLS", "QUIT");
    }

    @Test
    void withoutName_saysNone() {
        server.tls(TestCertificates.valid("mx.test"));
        assertThat(run(Manner.WITHOUT_NAME).tls()).isPresent();
        assertThat(server.serverNames()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void notOffered_isAFailureOfTls_andSaid(Manner manner) {
        Outcome outcome = run(manner);
        assertThat(outcome.offered()).isFalse();
        assertThat(outcome.tls()).isEmpty();
        assertThat(outcome.failure().orElseThrow().kind()).isEqualTo(Kind.TLS);
        assertThat(outcome.transcript().toString()).contains("EHLO probe.test");
    }

    @ParameterizedTest
    @CsvSource({"GREETING, 554 no, GREETING", "EHLO, 502 no, EHLO", "STARTTLS, 454 not now, STARTTLS"})
    void refusal_isTheFailure(String point, String reply, SmtpStage stage) {
        server.tls(TestCertificates.valid("mx.test")).answer(point, reply);
        SmtpFailure failure = run(Manner.USUAL).failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(Kind.REPLY);
        assertThat(failure.stage()).isEqualTo(stage);
    }

    @Test
    void plaintextBehindTheReply_isNotTakenForTls() {
        server.tls(TestCertificates.valid("mx.test")).injectAfterStartTls("250 ok\r\n");
        Outcome outcome = run(Manner.USUAL);
        assertThat(outcome.tls()).isEmpty();
        assertThat(outcome.failure().orElseThrow().kind()).isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void deadServer_isAFailure() {
        server.pause();
        Outcome outcome = run(Manner.USUAL);
        assertThat(outcome.offered()).isFalse();
        assertThat(outcome.failure().orElseThrow().stage()).isEqualTo(SmtpStage.CONNECT);
    }
}
