package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.smtp.TestCertificates;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionResult;

class LabTest {

    private static final String ALERT = """
            From: a@b.test
            Subject: =?UTF-8?Q?Mail_=E2=9C=93?=
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/html

            <p>no
            --b
            Content-Type: text/plain; charset=utf-8

            The primary is down.
            --b--
            """.replace("\n", "\r\n");

    @TempDir
    private Path directory;

    private static List<StoredMessage> stored(Lab lab) {
        return lab.primary().messages().page("", 100);
    }

    @Test
    void start_portsZero_listensOnFreeOnes() {
        try (Lab lab = LabWorld.start(directory)) {
            LabAddresses at = lab.addresses();
            assertThat(List.of(
                            at.primarySmtp().getPort(),
                            at.imap().getPort(),
                            at.dns().getPort(),
                            at.slack().getPort(),
                            at.mailSink().getPort()))
                    .doesNotHaveDuplicates()
                    .allMatch(port -> port > 0);
        }
    }

    @Test
    void primary_mailForCanary_isOnDiskAndInImap() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            String content = LabWorld.mail("canary 1");

            TransactionResult result = LabWorld.send(lab.addresses().primarySmtp(), "Canary+x@LAB.test", content);

            assertThat(result.outcome()).isEqualTo(TransactionResult.Outcome.ACCEPTED);
            assertThat(LabWorld.inbox(lab)).singleElement().asString().endsWith(content);
            StoredMessage message = stored(lab).get(0);
            Path file = lab.primary().messages().content(message.id()).orElseThrow();
            String whole = Files.readString(file);
            assertThat(whole).startsWith("Received: ").endsWith(content);
            assertThat(message.sha256()).isEqualTo(LabWorld.sha256(whole));
            assertThat(message.sha256BelowTrace()).isEqualTo(LabWorld.sha256(content));
            assertThat(message.size()).isEqualTo(whole.length());
            assertThat(message.reversePath()).isEqualTo("<jo@example.org>");
            assertThat(message.recipients()).containsExactly("Canary+x@LAB.test");
        }
    }

    @Test
    void primary_mailForOthers_isOnDiskOnly() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.send(lab.addresses().primarySmtp(), "canaryfriend@lab.test", LabWorld.mail("other"));

            assertThat(stored(lab)).hasSize(1);
            assertThat(LabWorld.inbox(lab)).isEmpty();
        }
    }

    @Test
    void primary_recipientsItDoesNotHave_areRefused550() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(refusal(lab, "unknown.person@lab.test")).startsWith("550 5.1.1");
            assertThat(refusal(lab, "jo@elsewhere.test")).startsWith("550 5.7.1");
            assertThat(stored(lab)).isEmpty();
        }
    }

    private static String refusal(Lab lab, String recipient) throws SmtpSyntaxException {
        TransactionResult result = LabWorld.send(lab.addresses().primarySmtp(), recipient, LabWorld.mail("for nobody"));
        return result.recipients().get(0).reply().orElseThrow().toString();
    }

    @Test
    void primary_stopped_refusesConnectionsWhileImapGoesOn() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.send(lab.addresses().primarySmtp(), "canary@lab.test", LabWorld.mail("before"));

            lab.stopPrimary();

            assertThat(LabWorld.open(lab.addresses().primarySmtp(), TlsPolicy.NONE)
                            .session())
                    .isEmpty();
            assertThat(LabWorld.inbox(lab)).hasSize(1);

            lab.startPrimary();

            LabWorld.send(lab.addresses().primarySmtp(), "canary@lab.test", LabWorld.mail("after"));
            assertThat(LabWorld.inbox(lab)).hasSize(2);
        }
    }

    @Test
    void restart_keepsMailAndShowsCanariesAgain() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.send(lab.addresses().primarySmtp(), "canary@lab.test", LabWorld.mail("one"));
            LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail("two"));
            LabWorld.send(lab.addresses().primarySmtp(), "canary@lab.test", LabWorld.mail("three"));
        }
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(stored(lab)).hasSize(3);
            assertThat(LabWorld.inbox(lab))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("Subject: one"),
                            second -> assertThat(second).contains("Subject: three"));
        }
    }

    @Test
    void restart_muchLater_showsNoOldCanaries() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.send(lab.addresses().primarySmtp(), "canary@lab.test", LabWorld.mail("old"));
        }
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(61));
        try (Lab lab = Lab.start(LabWorld.section(directory), later)) {
            assertThat(stored(lab)).hasSize(1);
            assertThat(LabWorld.inbox(lab)).isEmpty();
        }
    }

    @Test
    void restart_keepsWhatWasBroken() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            lab.stopPrimary();
            lab.invertPreferences();
            lab.answerSlack(SlackAnswer.FAILING);
        }
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(lab.switches()).isEqualTo(new Switches(true, false, true, false, false, SlackAnswer.FAILING, 2));
            assertThat(lab.addresses().primarySmtp().getPort()).isPositive();
            assertThat(LabWorld.open(lab.addresses().primarySmtp(), TlsPolicy.NONE)
                            .session())
                    .isEmpty();

            lab.startPrimary();

            assertThat(LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail("again"))
                            .outcome())
                    .isEqualTo(TransactionResult.Outcome.ACCEPTED);
        }
    }

    @Test
    void restart_moreMailThanToBeKept_keepsTheNewest() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            for (String subject : List.of("one", "two", "three")) {
                LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail(subject));
            }
        }
        try (Lab lab = Lab.start(LabWorld.section(directory, 0, 1), Clock.systemUTC())) {
            Path kept =
                    lab.primary().messages().content(stored(lab).get(0).id()).orElseThrow();
            assertThat(stored(lab)).hasSize(1);
            assertThat(Files.readString(kept)).contains("Subject: three");
            try (Stream<Path> files = Files.list(directory.resolve("mailbox"))) {
                assertThat(files).hasSize(2);
            }
        }
    }

    @Test
    void restart_afterBeingKilledHalfway_removesWhatIsNotWhole() throws IOException {
        Path mailbox = Files.createDirectories(directory.resolve("mailbox"));
        Files.writeString(mailbox.resolve("000000000000A.eml.tmp"), "half a message");
        Files.writeString(mailbox.resolve("000000000000B.eml"), "a message without its envelope");
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(stored(lab)).isEmpty();
            assertThat(mailbox).isEmptyDirectory();
        }
    }

    @Test
    void primary_clockThatStandsStill_givesEachMessageItsOwnId() throws Exception {
        Clock still = Clock.fixed(Clock.systemUTC().instant(), java.time.ZoneOffset.UTC);
        for (int start = 0; start < 2; start++) {
            try (Lab lab = Lab.start(LabWorld.section(directory), still)) {
                LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail("x"));
                LabWorld.send(lab.addresses().primarySmtp(), "jo@lab.test", LabWorld.mail("y"));
                assertThat(stored(lab)).hasSize(2 * (start + 1));
            }
        }
    }

    @Test
    void primary_withCertificate_speaksTls() {
        try (Lab lab = Lab.start(
                LabWorld.section(directory), Clock.systemUTC(), Optional.of(TestCertificates.valid("mx1.lab.test")))) {
            assertThat(LabWorld.open(lab.addresses().primarySmtp(), TlsPolicy.REQUIRED)
                            .tls())
                    .isPresent();
        }
    }

    @Test
    void mailSink_alertMail_isReadable() throws Exception {
        try (Lab lab = LabWorld.start(directory)) {
            LabWorld.send(lab.addresses().mailSink(), "ops@anywhere.test", ALERT);
        }
        try (Lab lab = LabWorld.start(directory)) {
            assertThat(lab.mailSink().newest()).singleElement().satisfies(mail -> {
                assertThat(mail.recipients()).containsExactly("ops@anywhere.test");
                assertThat(mail.subject()).isEqualTo("Mail \u2713");
                assertThat(mail.text()).isEqualTo("The primary is down.");
            });
        }
    }

    @Test
    void start_portTaken_saysWhichAndWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LabSection section = LabWorld.section(directory, taken.getLocalPort(), 1);
            assertThatThrownBy(() -> Lab.start(section, Clock.systemUTC()))
                    .isInstanceOf(LabException.class)
                    .hasMessage("lab.primarySmtpPort: port " + taken.getLocalPort()
                            + " of 127.0.0.1 cannot be used, most likely because another program listens there;"
                            + " stop it or set another port (0 for any free one).");
        }
    }

    @Test
    void start_addressThatOthersCanReach_isRefused() {
        LabSection section =
                new LabSection(true, null, "0.0.0.0", directory, 0, 0, 0, 0, 0, null, null, null, null, null);
        assertThatThrownBy(() -> Lab.start(section, Clock.systemUTC()))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("lab.bindAddress: 0.0.0.0 is not a loopback address");
    }

    @Test
    void start_hostOutsideTheDomain_isRefused() {
        LabSection section =
                new LabSection(true, null, null, directory, 0, 0, 0, 0, 0, "mx1.example.org", null, null, null, null);
        assertThatThrownBy(() -> Lab.start(section, Clock.systemUTC()))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("lab.primaryHostName: mx1.example.org is not within lab.domain lab.test");
    }
}
