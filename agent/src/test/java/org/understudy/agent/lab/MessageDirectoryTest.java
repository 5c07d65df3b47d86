package org.understudy.agent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;

class MessageDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    private Path path;

    private MessageDirectory messages;

    @BeforeEach
    void open() {
        messages = open((message, content) -> {});
    }

    private MessageDirectory open(java.util.function.BiConsumer<StoredMessage, Path> afterStoring) {
        return MessageDirectory.open(path, 100, Clock.fixed(NOW, ZoneOffset.UTC), afterStoring);
    }

    private static MessageDraft draft(MessageDirectory messages) throws SmtpSyntaxException {
        MessageDraft draft = messages.begin(
                Envelope.of(ReversePath.NULL, ForwardPath.of(Mailbox.parse("jo@lab.test"))),
                new Origin(InetAddress.getLoopbackAddress(), "client.test", "ESMTP", Optional.empty(), NOW));
        byte[] content = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        draft.write(content, 0, content.length);
        return draft;
    }

    private List<String> ids() {
        return messages.page("", 100).stream().map(StoredMessage::id).toList();
    }

    @Test
    void page_behindAMessageStillArriving_waitsForIt() throws Exception {
        MessageDraft slow = draft(messages);
        MessageDraft fast = draft(messages);

        assertThat(fast.commit()).isEqualTo(CommitResult.STORED);
        assertThat(ids()).isEmpty();

        assertThat(slow.commit()).isEqualTo(CommitResult.STORED);
        assertThat(ids()).containsExactly(slow.id().text(), fast.id().text());
    }

    @Test
    void discard_leavesNothingAndNobodyWaiting() throws Exception {
        MessageDraft gone = draft(messages);
        MessageDraft kept = draft(messages);
        kept.commit();

        gone.discard();

        assertThat(ids()).containsExactly(kept.id().text());
        assertThat(path.resolve(gone.id() + ".eml.tmp")).doesNotExist();
        assertThat(gone.commit()).isEqualTo(CommitResult.FAILED);
    }

    @Test
    void commit_whereNothingCanBeWritten_fails() throws Exception {
        MessageDraft draft = draft(messages);
        removeAll();

        assertThat(draft.commit()).isEqualTo(CommitResult.FAILED);
        assertThat(draft(messages).commit()).isEqualTo(CommitResult.FAILED);
        assertThat(ids()).isEmpty();
    }

    private void removeAll() throws IOException {
        try (var files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }

    @Test
    void commit_whatIsDoneWithItFails_isStoredAllTheSame() throws Exception {
        messages = open((message, content) -> {
            throw new IllegalStateException("no mailbox");
        });
        assertThat(draft(messages).commit()).isEqualTo(CommitResult.STORED);
        assertThat(ids()).hasSize(1);
    }
}
