package org.understudy.probes.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.ImapSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

class CanaryPathTest {
    private static final Exchanger PRIMARY = new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25);
    private static final Exchanger BACKUP = new Exchanger(new DomainName("mx2.example.org"), Role.BACKUP, 25);

    private static CanaryPath via(Exchanger exchanger) {
        return new CanaryPath(
                new MailDomain(new DomainName("example.org"), List.of(List.of(PRIMARY), List.of(BACKUP))),
                exchanger,
                new CanarySettings(
                        new Mailbox("canary", "example.org"),
                        new Mailbox("canary", "example.org"),
                        new ImapSettings(
                                "imap.example.org", 993, ImapSettings.Tls.IMPLICIT, "u", "p", List.of("INBOX")),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30)));
    }

    @Test
    void objection_filterBetweenVisitsOfOneHost_isNone() {
        assertThat(via(PRIMARY).objection(List.of("mx1.example.org", "localhost", "mx1.example.org", "store.internal")))
                .isEmpty();
    }

    @Test
    void objection_hostInOtherCase_isNone() {
        assertThat(via(PRIMARY).objection(List.of("MX1.Example.ORG"))).isEmpty();
    }

    @Test
    void objection_loop_isNamed() {
        assertThat(via(BACKUP)
                        .objection(List.of("mx2.example.org", "mx1.example.org", "mx2.example.org", "mx1.example.org")))
                .hasValueSatisfying(o -> assertThat(o).contains("2 times"));
    }

    @Test
    void objection_backupDeliversItself_isNamed() {
        assertThat(via(BACKUP).objection(List.of("mx2.example.org", "store.internal")))
                .hasValueSatisfying(o -> assertThat(o).contains("no primary"));
    }

    @Test
    void objection_primaryBeforeBackup_isNamed() {
        assertThat(via(BACKUP).objection(List.of("mx1.example.org", "mx2.example.org")))
                .isPresent();
    }

    @Test
    void objection_primaryOverBackup_isNamed() {
        assertThat(via(PRIMARY).objection(List.of("mx2.example.org", "mx1.example.org")))
                .hasValueSatisfying(o -> assertThat(o).contains("backup mx2.example.org"));
    }
}
