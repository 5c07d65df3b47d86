package org.understudy.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.understudy.agent.bridge.HoldingSpool.NAME;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.QueueId;
import org.understudy.spool.RecipientRequest;

/** Samples leave the spool again, and nothing else does. */
class SpoolSamplesTest {
    private static final Mailbox SAMPLES = new Mailbox("canary+sample", "example.org");
    private static final Mailbox PEOPLE = new Mailbox("s", "sender.test");
    private static final String MAIL = "Subject: x\r\n\r\nx\r\n";

    @TempDir
    Path directory;

    private HoldingSpool holding;
    private SpoolSamples samples;

    @BeforeEach
    void start() {
        holding = new HoldingSpool(directory);
        samples = new SpoolSamples(holding.spool(), NAME, SAMPLES);
    }

    @AfterEach
    void stop() {
        holding.close();
    }

    @Test
    void sample_isDiscarded_andTheAuditLogSaysSo() {
        QueueId sample = holding.send(SAMPLES, MAIL);
        // A lane that is just trying it keeps it; the probe comes back.
        await().until(() -> {
            samples.discard(NAME, sample.text());
            return !holding.spool().isQueued(sample);
        });
        assertThat(holding.spool().status().counts().isBalanced()).isTrue();
        assertThat(holding.spool().operations().audit(1)).singleElement().satisfies(entry -> {
            assertThat(entry.actor()).isEqualTo("understudy");
            assertThat(entry.action()).isEqualTo("discard");
        });
        int entries = holding.spool().operations().audit(10).size();
        samples.discard(NAME, sample.text());
        assertThat(holding.spool().operations().audit(10)).hasSize(entries);
    }

    /** Whatever a server says that the id of a sample is. */
    @Test
    void mailOfOthers_stays() {
        QueueId mail = holding.send(PEOPLE, MAIL);
        samples.discard(NAME, mail.text());
        assertThat(holding.spool().isQueued(mail)).isTrue();
    }

    @Test
    void idsOfOtherHosts_andWhatIsNoId_areLeftAlone() {
        QueueId sample = holding.send(SAMPLES, MAIL);
        samples.discard(new DomainName("mx3.example.org"), sample.text());
        samples.discard(NAME, "../etc");
        samples.discard(NAME, "");
        assertThat(holding.spool().isQueued(sample)).isTrue();
        assertThat(holding.spool().operations().audit(10)).isEmpty();
    }

    @Test
    void samples_areRecognisedByTheirSender() {
        SampleRequests requests = new SampleRequests(List.of(SAMPLES));
        assertThat(requests.test(request(ReversePath.of(SAMPLES)))).isTrue();
        assertThat(requests.test(request(ReversePath.of(PEOPLE)))).isFalse();
        assertThat(requests.test(request(ReversePath.NULL))).isFalse();
    }

    private static RecipientRequest request(ReversePath sender) {
        return new RecipientRequest(
                new ForwardPath("canary", Optional.of("example.org")), sender, InetAddress.getLoopbackAddress());
    }
}
