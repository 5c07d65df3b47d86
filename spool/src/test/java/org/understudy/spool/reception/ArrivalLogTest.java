package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.Arrival;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;

class ArrivalLogTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final DomainName ORG = new DomainName("example.org");
    private static final DomainName NET = new DomainName("example.net");
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private final MemoryIntake behind = new MemoryIntake();
    private final ArrivalLog log =
            new ArrivalLog(behind, r -> r.recipient().localPart().equals("canary"), Clock.fixed(NOW, ZoneOffset.UTC));

    private MessageDraft draft(Mailbox... recipients) {
        EsmtpParameters none = new EsmtpParameters(Map.of());
        List<Recipient> all = Arrays.stream(recipients)
                .map(r -> new Recipient(ForwardPath.of(r), none))
                .toList();
        Origin origin = new Origin(CLIENT, "client.example", "ESMTP", Optional.empty(), NOW);
        return log.begin(new Envelope(ReversePath.NULL, none, all), origin);
    }

    private static Mailbox at(String local, DomainName domain) {
        return new Mailbox(local, domain.text());
    }

    @Test
    void message_counts_onceForEachDomain_howeverItIsCommitted() {
        draft(at("a", ORG), at("b", ORG), at("c", NET)).commit();
        assertThat(log.latest(ORG)).containsExactly(new Arrival(NOW, CLIENT));
        assertThat(log.latest(NET)).hasSize(1);
        draft(at("a", ORG)).commit(Runnable::run).join();
        assertThat(log.latest(ORG)).hasSize(2);
        assertThat(behind.messages()).hasSize(2);
    }

    @Test
    void canary_doesNotCount_whatComesWithItDoes() {
        draft(at("canary", ORG)).commit();
        assertThat(log.latest(ORG)).isEmpty();
        draft(at("canary", ORG), at("c", NET)).commit();
        assertThat(log.latest(ORG)).isEmpty();
        assertThat(log.latest(NET)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = CommitResult.class,
            names = {"NO_SPACE", "FAILED", "SUSPICIOUS"})
    void whatIsNotStored_doesNotCount(CommitResult result) {
        behind.result = result;
        draft(at("a", ORG)).commit();
        draft(at("a", ORG)).commit(Runnable::run).join();
        draft(at("a", ORG)).discard();
        assertThat(log.latest(ORG)).isEmpty();
    }

    @Test
    void oldest_areForgotten() {
        for (int i = 0; i < 150; i++) {
            draft(at("a", ORG)).commit();
        }
        assertThat(log.latest(ORG)).hasSize(100);
        assertThat(log.latest(NET)).isEmpty();
    }
}
