package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.understudy.agent.config.FileTrouble;
import org.understudy.agent.queue.MessageDocument;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolReader;

/**
 * Writes messages to a directory. What is there already is left alone; a file has its name only when it is whole. Confined to
 * one thread.
 */
final class MessageExport {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int BUFFER = 64 * 1024;
    private static final int CANNOT_WRITE = 2;

    private final SpoolReader reader;
    private final Path directory;
    private final ObjectMapper mapper;
    private final CommandOutput output;
    private long exported;
    private long damaged;
    private long existing;
    private long missing;

    MessageExport(SpoolReader reader, Path directory, ObjectMapper mapper, CommandOutput output) {
        this.reader = reader;
        this.directory = directory;
        this.mapper = mapper;
        this.output = output;
    }

    /** What became of one message. */
    private record Element(String id, String state, Optional<String> file, Optional<String> damage) {}

    long exported() {
        return exported;
    }

    long damaged() {
        return damaged;
    }

    long existing() {
        return existing;
    }

    long missing() {
        return missing;
    }

    /** @throws CommandEnded if it cannot be written */
    void write(QueueId id) {
        Optional<FoundMessage> found = reader.find(id);
        if (found.isEmpty()) {
            missing(id);
            return;
        }
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, PRIVATE_DIRECTORY);
            }
            write(found.get());
        } catch (IOException e) {
            throw unwritable(id, FileTrouble.describe(e));
        } catch (UncheckedIOException e) {
            throw unwritable(id, String.valueOf(e.getMessage()));
        }
    }

    private CommandEnded unwritable(QueueId id, String why) {
        return new CommandEnded(
                CANNOT_WRITE,
                "The message " + id + " cannot be written to " + directory + " (" + why
                        + "): name another directory with --output, or make room.");
    }

    private void missing(QueueId id) {
        missing++;
        say(id, "missing", Optional.empty(), "not in the spool, or handed on by now", "");
    }

    private void write(FoundMessage found) throws IOException {
        QueueId id = found.id();
        for (String name : new String[] {id + ".eml", id + ".damaged.eml"}) {
            Path there = directory.resolve(name);
            if (Files.exists(there)) {
                existing++;
                say(id, "existing", Optional.of(there), there + " is there already and was left alone", "");
                return;
            }
        }
        Path partial = Files.createTempFile(directory, id + "-", ".part", PRIVATE_FILE);
        try {
            String damage;
            try (OutputStream out = Files.newOutputStream(partial)) {
                damage = joined(found.damage(), copy(reader, id, out));
            }
            if (!damage.isEmpty() && reader.find(id).isEmpty()) {
                missing(id);
            } else {
                publish(found, partial, damage);
            }
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void publish(FoundMessage found, Path partial, String damage) throws IOException {
        QueueId id = found.id();
        Path envelope = directory.resolve(id + ".json");
        Path content = directory.resolve(id + (damage.isEmpty() ? ".eml" : ".damaged.eml"));
        byte[] json = mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(MessageDocument.of(found, damage));
        if (!Files.exists(envelope)) {
            Files.createFile(envelope, PRIVATE_FILE);
            Files.write(envelope, json);
        }
        Files.move(partial, content);
        if (damage.isEmpty()) {
            exported++;
            say(id, "exported", Optional.of(content), content.toString(), "");
        } else {
            damaged++;
            say(id, "damaged", Optional.of(content), content + ", as far as it can be read: " + damage, damage);
        }
    }

    private void say(QueueId id, String state, Optional<Path> file, String words, String damage) {
        output.entry(
                id + ": " + words,
                new Element(
                        id.text(),
                        state,
                        file.map(Path::toString),
                        damage.isEmpty() ? Optional.empty() : Optional.of(damage)));
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    /**
     * Copies content as far as it can be read.
     *
     * @return what was wrong with it; empty text if nothing
     * @throws UncheckedIOException if it cannot be written
     */
    static String copy(SpoolReader reader, QueueId id, OutputStream out) {
        byte[] octets = new byte[BUFFER];
        try (InputStream in = reader.content(id).open()) {
            for (int n = in.read(octets); n >= 0; n = in.read(octets)) {
                write(out, octets, n);
            }
            return "";
        } catch (NoSuchFileException e) {
            return "its file is gone";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Tells what cannot be written from what cannot be read. */
    private static void write(OutputStream out, byte[] octets, int length) {
        try {
            out.write(octets, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
