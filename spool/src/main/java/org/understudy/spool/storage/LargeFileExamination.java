package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.storage.IndexEntry.Location;

/** Reads the messages that have files of their own, and finds files without a message. Confined to one thread. */
final class LargeFileExamination {
    private static final int PAGE = 500;
    /** A message is without a row from when its file is whole until its batch is committed. */
    private static final Duration COMMIT_PAUSE = Duration.ofSeconds(1);

    private final StoreDirectory directory;
    private final ReadOnlyIndex index;
    private final StoredMessages messages;
    private final Tally tally;
    private final Consumer<SpoolFinding> findings;

    LargeFileExamination(
            StoreDirectory directory,
            ReadOnlyIndex index,
            StoredMessages messages,
            Tally tally,
            Consumer<SpoolFinding> findings) {
        this.directory = directory;
        this.index = index;
        this.messages = messages;
        this.tally = tally;
        this.findings = findings;
    }

    void run() throws IOException, SQLException {
        List<Path> strays = strays();
        List<Long> page = index.largeAfter(0, PAGE);
        while (!page.isEmpty()) {
            for (long id : page) {
                examine(QueueIds.id(id));
            }
            page = index.largeAfter(page.get(page.size() - 1), PAGE);
        }
        if (!strays.isEmpty() && tally.running) {
            LockSupport.parkNanos(COMMIT_PAUSE.toNanos());
        }
        for (Path stray : strays) {
            if (Files.exists(stray) && message(stray).flatMap(messages::locate).isEmpty()) {
                findings.accept(SpoolFinding.warning(
                        "large/" + stray.getFileName(),
                        "no message that was accepted has this file",
                        Remedies.LEFTOVER));
            }
        }
    }

    private void examine(QueueId id) throws IOException {
        Optional<Location> location = messages.locate(id);
        if (location.isEmpty()) {
            return;
        }
        try {
            requireSound(id, location.get());
            tally.largeFiles++;
            tally.messages += location.get().segment() == 0 ? 1 : 0;
        } catch (IOException e) {
            if (messages.locate(id).isPresent()) {
                String what = e instanceof NoSuchFileException || !Files.exists(file(id))
                        ? "the file is gone"
                        : String.valueOf(e.getMessage());
                findings.accept(SpoolFinding.fault(
                        "large/" + file(id).getFileName(),
                        "the message " + id + " cannot be read: " + what,
                        Remedies.LOST));
            }
        }
    }

    private Path file(QueueId id) {
        return LargeMessage.file(directory.large(), id.text());
    }

    private void requireSound(QueueId id, Location location) throws IOException {
        IndexEntry entry = LargeMessage.read(file(id))
                .orElseThrow(() -> new IOException("its envelope, its end or its length is not what was stored"));
        Location found = entry.location();
        if (!entry.stored().id().equals(id)
                || found.size() != location.size()
                || found.crc() != location.crc()
                || found.envelope() != location.envelope()) {
            throw new IOException("it holds another message than the index says");
        }
        try (InputStream content = new StoredContent(messages, id, location).open()) {
            tally.bytes += content.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Files that no row asks for now; they are looked at again later. */
    private List<Path> strays() throws IOException {
        List<Path> strays = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.large())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                boolean whole = file.getFileName().toString().endsWith(".msg");
                boolean arriving =
                        tally.running && file.getFileName().toString().endsWith(".tmp");
                if (!arriving
                        && (!whole || message(file).flatMap(messages::locate).isEmpty())) {
                    strays.add(file);
                }
            }
        }
        return strays;
    }

    /** The message that a file is of, by its name. */
    private static Optional<QueueId> message(Path file) {
        String name = file.getFileName().toString();
        String id = name.replaceFirst("\\.msg$", "");
        return !name.equals(id) && QueueId.isValid(id) ? Optional.of(new QueueId(id)) : Optional.empty();
    }
}
