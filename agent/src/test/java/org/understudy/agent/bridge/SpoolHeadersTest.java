package org.understudy.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.HeldHeaders.Held;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.QueueId;

/** What a spool whose primary is down shows of the mail it holds. */
class SpoolHeadersTest {
    private static final Mailbox SENDER = new Mailbox("s", "sender.test");

    @TempDir
    Path directory;

    private HoldingSpool holding;

    @BeforeEach
    void start() {
        holding = new HoldingSpool(directory);
    }

    @AfterEach
    void stop() {
        holding.close();
    }

    private List<Held> oldest(int most, int wanted) {
        List<Held> seen = new ArrayList<>();
        new SpoolHeaders(holding.spool(), HoldingSpool.ORG).oldest(most, held -> {
            seen.add(held);
            return seen.size() < wanted;
        });
        return seen;
    }

    @Test
    void waitingMail_isShownOldestFirst_withoutItsBody() {
        QueueId first = holding.send(
                SENDER,
                "Subject: first\r\nDKIM-Signature: d=a.example;\r\n x=1\r\n\r\nDKIM-Signature: of the body\r\n");
        QueueId second = holding.send(SENDER, "Subject: second\r\n\r\nbody\r\n");
        List<Held> held = oldest(10, 10);
        assertThat(held).extracting(Held::queueId).containsExactly(first.text(), second.text());
        assertThat(held.get(0).text())
                .startsWith("Received:")
                .contains("Subject: first\r\nDKIM-Signature: d=a.example;\r\n x=1")
                .doesNotContain("of the body");
        assertThat(held.get(1).text()).contains("Subject: second");
        assertThat(held.get(0).arrival()).isBeforeOrEqualTo(held.get(1).arrival());
    }

    @Test
    void noMoreIsRead_thanIsWanted() {
        String filler = ("X-Filler: " + "x".repeat(900) + "\r\n").repeat(100);
        assertThat(holding.send(SENDER, "Subject: long\r\n" + filler + "\r\nbody\r\n"))
                .isLessThan(holding.send(SENDER, "Subject: second\r\n\r\nbody\r\n"));
        assertThat(oldest(1, 10)).hasSize(1);
        List<Held> one = oldest(10, 1);
        assertThat(one).hasSize(1);
        assertThat(one.get(0).text()).hasSize(64 * 1024);
    }
}
