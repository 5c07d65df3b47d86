package org.understudy.probes.queue.listing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.understudy.probes.queue.Lines;
import org.understudy.probes.queue.Words;

/**
 * A program that runs without shell and without input, in an environment that has nothing of ours but the way to programs and to the
 * user's own files. Closing it ends it and all that it has started. Thread-safe.
 */
final class ChildProcess implements AutoCloseable {
    private static final String LITTLE_KNOWN = "/usr/local/sbin:/usr/sbin:/sbin";
    private static final Duration END = Duration.ofSeconds(1);

    private final String name;
    private final Process process;
    private final FirstLine complaint;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.complaint = FirstLine.of(process.getErrorStream(), name);
    }

    /** @throws IOException if there is no such program, or it cannot be run; the message says which */
    static ChildProcess start(List<String> words) throws IOException {
        String path = Stream.of(System.getenv("PATH"), LITTLE_KNOWN)
                .filter(part -> part != null && !part.isEmpty())
                .reduce((a, b) -> a + ":" + b)
                .orElseThrow();
        List<String> command = new ArrayList<>(words);
        command.set(0, program(words.get(0), path));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> !key.equals("HOME"));
        environment.put("PATH", path);
        environment.put("LC_ALL", "C");
        builder.redirectInput(new File("/dev/null"));
        try {
            return new ChildProcess(name(words), builder.start());
        } catch (IOException e) {
            throw new IOException(name(words) + " cannot be run: " + cause(e), e);
        }
    }

    /** The program without its place; its arguments may be nobody's business. */
    static String name(List<String> words) {
        return words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    }

    /** The launcher looks along our own way only, and programs of a mail server are seldom there. */
    private static String program(String word, String path) throws IOException {
        if (word.contains("/")) {
            return word;
        }
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, word))
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new IOException("there is no program " + word + ": write its whole path"));
    }

    /** The launcher's own words have the whole command in them. */
    private static String cause(IOException e) {
        String message = String.valueOf(e.getMessage());
        int reason = message.indexOf("error=");
        return reason < 0 ? "it cannot be started" : message.substring(message.indexOf(' ', reason) + 1);
    }

    InputStream output() {
        return process.getInputStream();
    }

    /** The first line of its complaints so far, or empty. */
    String complaint() {
        return complaint.text();
    }

    /**
     * Waits until it has ended.
     *
     * @return why it did not end well, with the first words of its complaints; empty if it did
     * @throws IOException if it does not end in time
     */
    Optional<String> end(Duration patience) throws IOException {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " has ended its output, and not itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while " + name + " ran", e);
        }
        String words = complaint.await(END);
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of(name + " ended with " + process.exitValue()
                        + saying(words).orElse(" and said nothing"));
    }

    /** What it said, in the form in which it goes behind a sentence. */
    static Optional<String> saying(String words) {
        return words.isEmpty() ? Optional.empty() : Optional.of(": " + words);
    }

    /** Ends it at once, with all that it has started; those first, as they are nobody's children afterwards. */
    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Reads a stream to its end, so that nobody has to wait, and keeps its first words. Thread-safe. */
    private static final class FirstLine {
        private static final int LONGEST = 2000;

        /** Nothing if nothing was said until the end. */
        private final CompletableFuture<String> said = new CompletableFuture<>();

        static FirstLine of(InputStream in, String name) {
            FirstLine line = new FirstLine();
            Thread reader = new Thread(() -> line.read(in), "complaints of " + name);
            reader.setDaemon(true);
            reader.start();
            return line;
        }

        private void read(InputStream in) {
            try (in) {
                Lines lines = new Lines(in, LONGEST);
                for (String line = lines.next(); line != null; line = lines.next()) {
                    if (!line.isBlank()) {
                        said.complete(Words.brief(line));
                    }
                }
            } catch (IOException e) {
                // Closed with the process: it has no more to say.
            } finally {
                said.complete("");
            }
        }

        String text() {
            return said.getNow("");
        }

        /** The same, once it has been said, or nothing will be; longer than that is not waited. */
        String await(Duration patience) {
            try {
                return said.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // Whoever it has started may yet speak.
            }
            return text();
        }
    }
}
