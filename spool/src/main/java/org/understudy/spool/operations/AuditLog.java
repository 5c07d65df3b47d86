package org.understudy.spool.operations;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.AuditEntry;
import org.understudy.spool.OperatorOrder;
import org.understudy.spool.SpoolException;

/**
 * What operators have ordered, in a file that only grows: a line when it is ordered and one when it is done, tab-separated, each
 * synced before anything is done about it. Thread-safe.
 */
public final class AuditLog {
    /** Its name in the spool's directory. */
    public static final String FILE = "audit.log";

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int FIELDS = 7;
    private static final String ORDERED = "ordered";

    private final Path file;
    private final Clock clock;
    private long last;

    private AuditLog(Path file, Clock clock, long last) {
        this.file = file;
        this.clock = clock;
        this.last = last;
    }

    /**
     * Opens the log, to write behind what is there.
     *
     * @throws SpoolException if it cannot be read
     */
    public static AuditLog open(Path file, Clock clock) {
        List<AuditEntry> entries = read(file, 1);
        return new AuditLog(file, clock, entries.isEmpty() ? 0 : entries.get(0).number());
    }

    /**
     * The newest entries, oldest first; none if there is no log.
     *
     * @throws SpoolException if it cannot be read
     */
    public static List<AuditEntry> read(Path file, int most) {
        if (!Files.exists(file)) {
            return List.of();
        }
        Deque<AuditEntry> newest = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                parse(line).ifPresent(newest::addLast);
                if (newest.size() > most) {
                    newest.removeFirst();
                }
            }
        } catch (IOException e) {
            throw new SpoolException("The audit log " + file + " cannot be read: " + e.getMessage(), e);
        }
        return List.copyOf(newest);
    }

    /** Empty for the torn end that a crash leaves. */
    private static Optional<AuditEntry> parse(String line) {
        String[] f = line.split("\t", -1);
        if (f.length != FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AuditEntry(Instant.parse(f[0]), Long.parseLong(f[1]), f[2], f[3], f[4], f[5], f[6]));
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** An order that is on record, to be ended. */
    public final class Ordered {
        private final long number;
        private final OperatorOrder order;
        private final String action;
        private final String subject;

        private Ordered(long number, OperatorOrder order, String action, String subject) {
            this.number = number;
            this.order = order;
            this.action = action;
            this.subject = subject;
        }

        /** Says what came of it. What was done is done, so that a failure is only logged. */
        public void end(String result) {
            try {
                write(entry(result));
            } catch (IOException e) {
                LOG.error("the audit log {} cannot be written, which lacks: {}", file, entry(result), e);
            }
        }

        private AuditEntry entry(String result) {
            return new AuditEntry(clock.instant(), number, order.actor(), action, subject, order.reason(), result);
        }
    }

    /**
     * Puts an order on record, before it is carried out.
     *
     * @throws SpoolException if it cannot be recorded; then it must not be carried out
     */
    public synchronized Ordered begin(OperatorOrder order, String action, String subject) {
        last++;
        Ordered ordered = new Ordered(last, order, action, subject);
        try {
            write(ordered.entry(ORDERED));
            return ordered;
        } catch (IOException e) {
            throw new SpoolException(
                    "Nothing was done, because the audit log " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private synchronized void write(AuditEntry entry) throws IOException {
        String line = String.join(
                        "\t",
                        entry.at().toString(),
                        Long.toString(entry.number()),
                        entry.actor(),
                        entry.action(),
                        oneLine(entry.subject()),
                        entry.reason(),
                        oneLine(entry.result()))
                + "\n";
        boolean fresh = !Files.exists(file);
        try (FileChannel log =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), PRIVATE)) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(line);
            while (octets.hasRemaining()) {
                log.write(octets);
            }
            log.force(true);
        }
        if (fresh) {
            Durable.syncDirectory(file);
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** The newest entries, oldest first. */
    public List<AuditEntry> newest(int most) {
        return read(file, most);
    }
}
